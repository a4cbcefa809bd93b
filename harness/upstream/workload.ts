/** How the echo upstream is run. */
import { entryBeside } from '../model/entry.ts';
import { ownImages } from '../model/images.ts';
import type { Workload } from '../model/ports.ts';

/** Without a sign of life from the harness for this long, the upstream heals itself. Milliseconds. */
const heartbeatMs = 3_000;

export interface UpstreamAddresses {
  readonly listen: URL;
  readonly control: URL;
  /** Where it answers for its name as a DNS server; undefined: nowhere. */
  readonly names?: URL | undefined;
  /** Files in PEM with which it also speaks TLS where it listens; undefined: it does not. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
}

export function upstreamWorkload({ listen, control, names, certificate }: UpstreamAddresses): Workload {
  return {
    name: 'upstream',
    command: process.execPath,
    args: [entryBeside(import.meta.url, 'main')],
    env: {
      UPSTREAM_LISTEN: listen.origin,
      UPSTREAM_CONTROL: control.origin,
      UPSTREAM_HEARTBEAT_MS: String(heartbeatMs),
      ...(names === undefined ? {} : { UPSTREAM_NAMES: names.origin }),
      ...(certificate === undefined ? {} : { UPSTREAM_CERT: certificate.cert, UPSTREAM_KEY: certificate.key }),
    },
    image: { name: ownImages.parts, args: ['harness/upstream/main.ts'] },
  };
}
