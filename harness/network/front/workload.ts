/** How the front is run. */
import { entryBeside } from '../../model/entry.ts';
import { ownImages } from '../../model/images.ts';
import type { Workload } from '../../model/ports.ts';

const heartbeatMs = 3_000;

export interface FrontAddresses {
  /** Where clients connect. */
  readonly listen: URL;
  readonly control: URL;
  /** The gateway to which it leads at first. */
  readonly first: URL;
}

export function frontWorkload({ listen, control, first }: FrontAddresses): Workload {
  return {
    name: 'front',
    command: process.execPath,
    args: [entryBeside(import.meta.url, 'main')],
    image: { name: ownImages.parts, args: ['harness/network/front/main.ts'] },
    env: {
      FRONT_LISTEN: listen.origin,
      FRONT_CONTROL: control.origin,
      FRONT_FIRST: first.origin,
      FRONT_HEARTBEAT_MS: String(heartbeatMs),
    },
  };
}
