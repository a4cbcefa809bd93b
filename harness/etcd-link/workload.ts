/** How the etcd link is run. */
import { fileURLToPath } from 'node:url';
import type { Workload } from '../model/ports.ts';

/** Without a sign of life from the harness for this long, the link heals itself. Milliseconds. */
const heartbeatMs = 3_000;

export interface LinkAddresses {
  readonly listen: URL;
  readonly control: URL;
  /** etcd. */
  readonly upstream: URL;
}

export function linkWorkload({ listen, control, upstream }: LinkAddresses): Workload {
  return {
    name: 'etcd-link',
    command: process.execPath,
    args: [fileURLToPath(new URL('main.ts', import.meta.url))],
    env: {
      LINK_LISTEN: listen.origin,
      LINK_CONTROL: control.origin,
      LINK_UPSTREAM: upstream.origin,
      LINK_HEARTBEAT_MS: String(heartbeatMs),
    },
  };
}
