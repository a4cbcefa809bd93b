/**
 * `etcd.replace-member`: a follower is lost for good. It is removed from the cluster, which goes on with two; at heal one
 * with an empty folder joins at its address, with an id of its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Etcd3 } from 'etcd3';
import type { Fault } from '../../scenarios/scenario.ts';
import type { EtcdMember } from '../model/etcd.ts';
import type { Injector, World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { statusOf } from './etcd-leadership.ts';
import { memberAt, needsThree, startEmpty, startStopped, theLeader, verifyWhole } from './etcd-members.ts';
import { untilProven } from './until.ts';

/** It takes half of that on a busy host. */
const announcedWithinMs = 1_500;
const againMs = 50;

type ReplaceMember = Extract<Fault, { kind: 'etcd.replace-member' }>;

export const etcdReplaceMember: Injector<ReplaceMember> = {
  about: {
    hop: 'etcd',
    does: 'a follower is removed from three members; at heal one with an empty folder joins in its place',
    proof: 'the others list two members, and nobody answers at its address',
  },
  unsupported: (_fault, world) => needsThree(world),
  prepare: async () => undefined,

  async inject(_fault, world, { signal }) {
    const { index } = await theLeader(world, signal);
    const lost = (index + 1) % world.members.length;
    const member = memberAt(world, lost);
    const id = await withEtcd(world, (client) => idOf(client, member));
    // Ended first: a member that is removed ends by itself, which would be taken for a death.
    await world.stop(member.name);
    if (id !== undefined) await withEtcd(world, async (client) => client.cluster.memberRemove({ ID: id }));
    return { lost };
  },

  verify(_fault, world, before, { signal }) {
    const member = memberAt(world, before['lost']);
    const look = async (): Promise<string | undefined> => {
      const { members } = await withEtcd(world, async (client) => client.cluster.memberList({ linearizable: true }));
      if (members.some(({ peerURLs }) => isAt(member, peerURLs))) return undefined;
      if ((await statusOf(member.client, signal)) !== undefined) return undefined;
      return `etcd lists ${members.length} members, ${member.name} is not among them and does not answer`;
    };
    return untilProven(look, () => `${member.name} is still a member`, signal);
  },

  async heal(_fault, world, { signal }) {
    for (const member of world.members) {
      if (world.running(member.name)) continue;
      if (await isListed(world, member)) continue;
      await withEtcd(world, async (client) => client.cluster.memberAdd({ peerURLs: [member.peer.origin] }));
      await startEmpty(world, [member], { state: 'existing' }, signal);
      await untilAnnounced(world, member, signal);
    }
    await startStopped(world, signal);
  },

  verifyHealed: (_fault, world, { signal }) => verifyWhole(world, signal),
};

/**
 * Whoever joins announces itself through the leader and serves nobody before. Where that is lost, as it can be while it takes
 * over a snapshot, etcd tries again after seven seconds only; started once more it does so at once.
 */
async function untilAnnounced(world: World, { name, client }: EtcdMember, signal: AbortSignal): Promise<void> {
  for (;;) {
    const patience = performance.now() + announcedWithinMs;
    while (performance.now() < patience) {
      if ((await statusOf(client, signal)) !== undefined) return;
      await sleep(againMs, undefined, { signal });
    }
    await world.stop(name);
    await world.restart(name, signal);
  }
}

function isAt({ peer }: EtcdMember, urls: readonly string[]): boolean {
  return urls.some((url) => new URL(url).host === peer.host);
}

async function idOf(client: Etcd3, member: EtcdMember): Promise<string | undefined> {
  const { members } = await client.cluster.memberList({ linearizable: true });
  return members.find(({ peerURLs }) => isAt(member, peerURLs))?.ID;
}

async function isListed(world: World, member: EtcdMember): Promise<boolean> {
  return (await withEtcd(world, (client) => idOf(client, member))) !== undefined;
}
