/**
 * `etcd.replace-member`: a follower is lost for good. It is removed from the cluster, which goes on with two; at heal one
 * with an empty folder joins at its address, with an id of its own.
 */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector } from '../model/injector.ts';
import { statusOf } from './etcd-leadership.ts';
import { memberAt, needsThree, startStopped, theLeader, verifyWhole } from './etcd-members.ts';
import { isAt, isListed, joinEmpty, leave, listed } from './etcd-membership.ts';
import { untilProven } from './until.ts';

type ReplaceMember = Extract<Fault, { kind: 'etcd.replace-member' }>;

export const etcdReplaceMember: Injector<ReplaceMember> = {
  about: {
    hop: 'etcd',
    does: 'a follower is removed from three members; at heal one with an empty folder joins in its place',
    proof: 'the others list two members, and nobody answers at its address',
  },
  unsupported: (_fault, world) => needsThree(world),
  prepare: async () => undefined,

  async inject(_fault, world, { holdMs, signal }) {
    const { index } = await theLeader(world, signal);
    const lost = (index + 1) % world.members.length;
    const member = memberAt(world, lost);
    // Ended first: a member that is removed ends by itself, which would be taken for a death.
    await world.stop(member.name);
    await leave(world, member, signal, holdMs);
    return { lost };
  },

  verify(_fault, world, before, { signal }) {
    const member = memberAt(world, before['lost']);
    const look = async (): Promise<string | undefined> => {
      // Who leads may change meanwhile, and nobody answers then.
      const members = await listed(world).catch(() => undefined);
      if (members === undefined || members.some(({ peerURLs }) => isAt(member, peerURLs))) return undefined;
      if ((await statusOf(member.client, signal)) !== undefined) return undefined;
      return `etcd lists ${members.length} members, ${member.name} is not among them and does not answer`;
    };
    return untilProven(look, () => `${member.name} is still a member`, signal);
  },

  async heal(_fault, world, { signal }) {
    for (const member of world.members) {
      if (world.running(member.name)) continue;
      if (await isListed(world, member)) continue;
      await joinEmpty(world, member, signal);
    }
    await startStopped(world, signal);
  },

  verifyHealed: (_fault, world, { signal }) => verifyWhole(world, signal),
};
