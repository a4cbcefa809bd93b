/** Who belongs to a cluster of etcd: members leave it, and join it with empty folders. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Etcd3 } from 'etcd3';
import { HarnessError } from '../model/errors.ts';
import type { EtcdMember } from '../model/etcd.ts';
import type { World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { statusOf } from './etcd-leadership.ts';
import { startEmpty } from './etcd-members.ts';

/** It takes half of that on a busy host. */
const announcedWithinMs = 1_500;
const againMs = 50;

/**
 * Takes a member off the list, if it is on it. Whoever calls has stopped it: one that is removed ends by itself. What comes of
 * one request is not certain (etcd drops it while another change of members is under way), so the list is looked at again. Rejects when the signal aborts first, or when the time is over.
 */
export async function leave(
  world: World,
  member: EtcdMember,
  signal: AbortSignal,
  withinMs: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    try {
      await withEtcd(world, async (client) => {
        const id = await idOf(client, member);
        if (id !== undefined) await client.cluster.memberRemove({ ID: id });
      });
      return;
    } catch (cause) {
      if (signal.aborted || performance.now() > untilMs)
        throw new HarnessError('FAULT_NOT_CONFIRMED', `${member.name} is still listed`, { cause });
      await sleep(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** One with an empty folder joins at the address of a member that has left. */
export async function joinEmpty(world: World, member: EtcdMember, signal: AbortSignal): Promise<void> {
  await enlist(world, member, signal);
  await startEmpty(world, [member], { state: 'existing' }, signal);
  await untilAnnounced(world, member, signal);
}

/**
 * etcd makes the id of a member of its address and of the second in which it joins: to one that has joined and left within
 * this second it says that there is no such member, and the next second it takes it.
 */
async function enlist(world: World, { name, peer }: EtcdMember, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await withEtcd(world, (client) => client.cluster.memberAdd({ peerURLs: [peer.origin] }));
      return;
    } catch (cause) {
      if (!String(cause).includes('member not found')) throw cause;
      if (signal.aborted) throw new HarnessError('HEAL_FAILED', `${name} cannot join again`, { cause });
      await sleep(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

export async function isListed(world: World, member: EtcdMember): Promise<boolean> {
  return (await withEtcd(world, (client) => idOf(client, member))) !== undefined;
}

/** Whether one of these addresses is its own. */
export function isAt({ peer }: EtcdMember, urls: readonly string[]): boolean {
  return urls.some((url) => new URL(url).host === peer.host);
}

type Listed = Awaited<ReturnType<Etcd3['cluster']['memberList']>>['members'];

/** By the quorum. */
export function listed(world: World): Promise<Listed> {
  return withEtcd(world, membersOf);
}

async function membersOf(client: Etcd3): Promise<Listed> {
  return (await client.cluster.memberList({ linearizable: true })).members;
}

async function idOf(client: Etcd3, member: EtcdMember): Promise<string | undefined> {
  const members = await membersOf(client);
  return members.find(({ peerURLs }) => isAt(member, peerURLs))?.ID;
}

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
