/**
 * `etcd.wipe`: etcd comes back with empty folders. It is the same cluster by its id, and its revisions begin anew, so that
 * a watch from where it was waits in vain (apache/apisix#11144). While the step holds, etcd says that there is nothing:
 * what a gateway serves then is its own decision. At heal the table is written again.
 */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector } from '../model/injector.ts';
import { revisionOf } from './etcd-client.ts';
import { cannotBeAsked, startEmpty, startStopped, stopMembers, verifyWhole } from './etcd-members.ts';
import { verifyKept } from './kept.ts';
import { untilProven } from './until.ts';

type Wipe = Extract<Fault, { kind: 'etcd.wipe' }>;

export const etcdWipe: Injector<Wipe> = {
  about: {
    hop: 'etcd',
    does: 'etcd comes back empty, its revisions begin anew; at heal the table is written again',
    proof: 'its revision is lower than it was, and most of the table is missing',
  },
  unsupported: (_fault, world) => cannotBeAsked(world),
  prepare: async () => undefined,

  async inject(_fault, world, { signal }) {
    const revision = await revisionOf(world);
    await stopMembers(world);
    await startEmpty(world, world.members, {}, signal);
    return { revision };
  },

  verify(_fault, world, before, { signal }) {
    const was = `it was at ${before['revision']}`;
    const look = async (): Promise<string | undefined> => {
      const revision = await revisionOf(world).catch(() => undefined);
      if (revision === undefined || revision >= (before['revision'] ?? 0)) return undefined;
      const missing = await world.kept.missing(signal);
      return `etcd is at revision ${revision} and lacks ${missing.length} routes; ${was}`;
    };
    return untilProven(look, () => `etcd does not serve at a lower revision; ${was}`, signal);
  },

  async heal(_fault, world, { signal }) {
    await startStopped(world, signal);
    await verifyWhole(world, signal);
    await world.kept.writeAgain(signal);
  },

  verifyHealed: (_fault, world, { signal }) => verifyKept(world, signal),
};
