/** How the etcd link is run. */
import { entryBeside } from '../model/entry.ts';
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
    args: [entryBeside(import.meta.url, 'main')],
    env: {
      LINK_LISTEN: listen.origin,
      LINK_CONTROL: control.origin,
      LINK_UPSTREAM: upstream.origin,
      LINK_HEARTBEAT_MS: String(heartbeatMs),
    },
  };
}
