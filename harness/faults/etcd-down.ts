/** `etcd.down`: etcd is killed, refuses connections for a while, and comes back with its data. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector } from '../model/injector.ts';
import { revisionOf, untilServing } from './etcd-client.ts';
import { startStopped, stopMembers } from './etcd-members.ts';
import { isRefused, request, seenIn } from './raw-request.ts';
import { untilProven } from './until.ts';

type Down = Extract<Fault, { kind: 'etcd.down' }>;

/** An etcd that runs answers `/version` in a few milliseconds. */
const answersWithinMs = 300;

export const etcdDown: Injector<Down> = {
  about: {
    hop: 'etcd',
    does: 'etcd is killed, refuses connections, and comes back with its data',
    proof: 'a connection of our own is refused',
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(_fault, world) {
    const revision = await revisionOf(world);
    await stopMembers(world);
    return { revision };
  },

  verify(_fault, world, before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const seen = seenIn(world, await request(world.etcd, { path: '/version', patienceMs: answersWithinMs }));
      if (!isRefused(seen)) return undefined;
      const how = seen.end === 'refused' ? 'refuses connections' : 'answers no connection';
      return `etcd ${how}; it had served up to revision ${before['revision']}`;
    };
    return untilProven(look, () => 'etcd still takes connections', signal);
  },

  heal: (_fault, world, { signal }) => startStopped(world, signal),

  async verifyHealed(_fault, world, { signal }) {
    return `etcd serves again, at revision ${await untilServing(world, signal)}`;
  },
};
