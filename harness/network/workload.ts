/** How toxiproxy is run. */
import { entryBeside } from '../model/entry.ts';
import { ownImages } from '../model/images.ts';
import type { Workload } from '../model/ports.ts';

/** Without a sign of life from the harness for this long, every toxic goes. Milliseconds. */
const heartbeatMs = 3_000;

export interface NetworkAddresses {
  /** Path of the program. */
  readonly toxiproxy: string;
  /** Where toxiproxy itself is asked. */
  readonly api: URL;
  readonly control: URL;
}

export function networkWorkload({ toxiproxy, api, control }: NetworkAddresses): Workload {
  return {
    name: 'toxiproxy',
    command: process.execPath,
    args: [entryBeside(import.meta.url, 'main'), toxiproxy],
    env: {
      NETWORK_API: api.origin,
      NETWORK_CONTROL: control.origin,
      NETWORK_HEARTBEAT_MS: String(heartbeatMs),
    },
    image: { name: ownImages.toxiproxy },
  };
}
