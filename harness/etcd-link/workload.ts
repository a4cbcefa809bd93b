/** How the etcd link is run. */
import { entryBeside } from '../model/entry.ts';
import type { Workload } from '../model/ports.ts';

/** Without a sign of life from the harness for this long, the link heals itself. Milliseconds. */
const heartbeatMs = 3_000;

export interface LinkAddresses {
  /** Where gateways connect; they do so over TLS when there is a certificate. */
  readonly listen: URL;
  readonly control: URL;
  /** etcd, by https when it wants TLS. */
  readonly upstream: URL;
  /** Files in PEM: for gateways, and towards etcd. */
  readonly tls?: {
    readonly cert?: string;
    readonly key?: string;
    readonly upstreamCa?: string;
    readonly upstreamCert?: string;
    readonly upstreamKey?: string;
  };
}

export function linkWorkload({ listen, control, upstream, tls = {} }: LinkAddresses): Workload {
  const files = {
    LINK_CERT: tls.cert,
    LINK_KEY: tls.key,
    LINK_UPSTREAM_CA: tls.upstreamCa,
    LINK_UPSTREAM_CERT: tls.upstreamCert,
    LINK_UPSTREAM_KEY: tls.upstreamKey,
  };
  const given = Object.entries(files).flatMap(([name, file]) => (file === undefined ? [] : [[name, file] as const]));
  return {
    name: 'etcd-link',
    command: process.execPath,
    args: [entryBeside(import.meta.url, 'main')],
    env: {
      LINK_LISTEN: listen.origin,
      LINK_CONTROL: control.origin,
      LINK_UPSTREAM: upstream.origin,
      LINK_HEARTBEAT_MS: String(heartbeatMs),
      ...Object.fromEntries(given),
    },
  };
}
