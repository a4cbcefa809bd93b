/** Carries routes from etcd to a gateway that does not read it. The main loop of a companion, which is a process of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EtcdPlace, EtcdReader } from './etcd-reader.ts';
import { type Location, locationsOf } from './locations.ts';

export interface Carried {
  readonly etcd: EtcdPlace;
  /** Without news for so long, all is read again. */
  readonly readAgainMs: number;
}

/** After etcd, or the gateway, has refused or not answered. */
const retryMs = 500;

/** Never resolves. `apply` gets all routes each time; when it rejects, it gets them again. */
export async function carry(
  { etcd, readAgainMs }: Carried,
  apply: (locations: readonly Location[]) => Promise<void>,
): Promise<never> {
  // The harness holds the other end of stdin: when it is gone, so is the companion.
  process.stdin.resume().once('end', () => process.exit(0));
  const reader = new EtcdReader(etcd);
  for (;;) {
    try {
      const read = await reader.read();
      await apply(locationsOf(read.values, etcd.prefix));
      await reader.changed(read, readAgainMs);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      await sleep(retryMs);
    }
  }
}
