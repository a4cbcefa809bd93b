/** `etcd.kill-leader`: the leader is killed, the others elect another one; at heal it comes back with its data. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector } from '../model/injector.ts';
import { leaderNow, memberAt, needsThree, startStopped, theLeader, verifyWhole } from './etcd-members.ts';
import { untilProven } from './until.ts';

type KillLeader = Extract<Fault, { kind: 'etcd.kill-leader' }>;

export const etcdKillLeader: Injector<KillLeader> = {
  about: {
    hop: 'etcd',
    does: 'the leader of three members is killed; it comes back at heal',
    proof: 'another member leads, in a later term',
  },
  unsupported: (_fault, world) => needsThree(world),
  prepare: async () => undefined,

  async inject(_fault, world, { signal }) {
    const { index, member, leader } = await theLeader(world, signal);
    await world.stop(member.name);
    return { leader: index, term: leader.term };
  },

  verify(_fault, world, before, { signal }) {
    const { name } = memberAt(world, before['leader']);
    const killed = `${name}, which led in term ${before['term']}, is killed`;
    const look = async (): Promise<string | undefined> => {
      const now = await leaderNow(world, signal);
      if (now === undefined || now.leader.term <= (before['term'] ?? 0)) return undefined;
      return `${killed}; ${now.member.name} leads in term ${now.leader.term}`;
    };
    return untilProven(look, () => `${killed}; nobody leads in its place`, signal);
  },

  heal: (_fault, world, { signal }) => startStopped(world, signal),
  verifyHealed: (_fault, world, { signal }) => verifyWhole(world, signal),
};
