/**
 * `etcd.lose-quorum`: two of three members are killed, the leader among them. The third one still takes connections and
 * keeps its watches open, which are silent from then on; only those that asked for a leader end. Nothing can be written, and
 * nothing read through the quorum.
 */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector } from '../model/injector.ts';
import { revisionOf } from './etcd-client.ts';
import { statusOf } from './etcd-leadership.ts';
import { memberAt, needsThree, startStopped, stopMembers, theLeader, verifyWhole } from './etcd-members.ts';
import { untilProven } from './until.ts';

type LoseQuorum = Extract<Fault, { kind: 'etcd.lose-quorum' }>;

export const etcdLoseQuorum: Injector<LoseQuorum> = {
  about: {
    hop: 'etcd',
    does: 'two of three members are killed, the leader too; watches at the third one that asked for no leader stay open and silent',
    proof: 'the third member knows no leader, and a read through the quorum fails',
  },
  unsupported: (_fault, world) => needsThree(world),
  prepare: async () => undefined,

  async inject(_fault, world, { signal }) {
    const { index } = await theLeader(world, signal);
    const survivor = (index + 1) % world.members.length;
    const killed = world.members.filter((_member, place) => place !== survivor);
    await stopMembers(world, killed);
    return { survivor };
  },

  verify(_fault, world, before, { signal }) {
    const { name, client } = memberAt(world, before['survivor']);
    const look = async (): Promise<string | undefined> => {
      const status = await statusOf(client, signal);
      if (status?.leader !== '0') return undefined;
      const read = await revisionOf(world).then(
        () => 'done',
        () => 'failed',
      );
      if (read === 'done') return undefined;
      return `${name} alone is left at revision ${status.revision}: it knows no leader, and a read through the quorum failed`;
    };
    return untilProven(look, () => `${name} still serves, or does not answer at all`, signal);
  },

  heal: (_fault, world, { signal }) => startStopped(world, signal),
  verifyHealed: (_fault, world, { signal }) => verifyWhole(world, signal),
};
