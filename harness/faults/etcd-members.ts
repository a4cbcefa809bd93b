/** The members of a trial's etcd, as faults end and start them. */
import { rmSync } from 'node:fs';
import { HarnessError } from '../model/errors.ts';
import { type EtcdStart, etcdWorkload } from '../model/etcd-workload.ts';
import type { EtcdMember } from '../model/etcd.ts';
import type { World } from '../model/ports.ts';
import { type Leadership, leadership, untilLed } from './etcd-leadership.ts';

export function clientsOf({ members }: Pick<World, 'members'>): readonly URL[] {
  return members.map(({ client }) => client);
}

/** Why the members cannot be asked what their state is; undefined when they can. */
export function cannotBeAsked({ root }: World): string | undefined {
  return root === undefined ? undefined : 'an etcd that asks for a login tells only those inside who leads';
}

/** Why a fault among members cannot be done with one; undefined when it can. */
export function needsThree(world: World): string | undefined {
  if (world.members.length > 1) return cannotBeAsked(world);
  return 'the scenario has a single etcd: etcd: { members: 3 } gives it three';
}

export interface Led extends Leadership {
  /** The leader's place among the members. */
  readonly index: number;
  readonly member: EtcdMember;
}

/** Who leads, once all members follow one. The target of a fault is looked up once, before it is injected. */
export async function theLeader(world: World, signal: AbortSignal): Promise<Led> {
  const found = await untilLed(clientsOf(world), signal);
  return named(world, found);
}

/** Who leads among the members that answer; undefined when nobody does. */
export async function leaderNow(world: World, signal: AbortSignal): Promise<Led | undefined> {
  const found = await leadership(clientsOf(world), signal);
  return found === undefined ? undefined : named(world, found);
}

function named({ members }: World, found: Leadership): Led {
  const index = members.findIndex(({ client }) => client.href === found.leader.client.href);
  const member = members[index];
  if (member === undefined) throw new Error('the leader is one of the members');
  return { ...found, index, member };
}

/** The member of that place. */
export function memberAt({ members }: World, index: number | undefined): EtcdMember {
  const member = members[index ?? -1];
  if (member === undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', `there is no etcd member ${String(index)}`);
  return member;
}

/** Kills them: all, or these. */
export async function stopMembers(world: World, members: readonly EtcdMember[] = world.members): Promise<void> {
  await Promise.all(members.map(({ name }) => world.stop(name)));
}

/** Starts those that do not run, as they were last started. */
export async function startStopped(world: World, signal: AbortSignal): Promise<void> {
  await Promise.all(world.members.map(({ name }) => world.restart(name, signal)));
}

/** Starts members that are stopped with empty folders. */
export async function startEmpty(
  world: World,
  members: readonly EtcdMember[],
  how: Pick<EtcdStart, 'state'>,
  signal: AbortSignal,
): Promise<void> {
  for (const { data } of members) rmSync(data, { recursive: true, force: true });
  const { etcd: command } = world.programs;
  const start = (member: EtcdMember): Promise<unknown> =>
    world.launch(etcdWorkload(member, { command, cluster: world.members, ...how }), signal);
  await Promise.all(members.map(start));
}

/** Whom the others follow while that one is away, as a sentence; undefined while that is nobody. */
export async function ledWithout(
  away: EtcdMember,
  { members }: Pick<World, 'members'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const others = members.filter((each) => each !== away);
  const found = await leadership(
    others.map(({ client }) => client),
    signal,
  );
  const leader = others.find(({ client }) => client.href === found?.leader.client.href);
  if (found === undefined || leader === undefined) return undefined;
  return `the others follow ${leader.name} in term ${found.leader.term}`;
}

/** Proof that the cluster is whole: every member answers and follows one leader. Rejects when the signal aborts first. */
export async function verifyWhole(world: World, signal: AbortSignal): Promise<string> {
  try {
    const { member, leader } = await theLeader(world, signal);
    const all = world.members.length === 1 ? 'etcd serves' : `${world.members.length} members follow ${member.name}`;
    return `${all} in term ${leader.term}, at revision ${leader.revision}`;
  } catch (cause) {
    throw new HarnessError('HEAL_FAILED', 'the members of etcd do not all follow one leader', { cause });
  }
}
