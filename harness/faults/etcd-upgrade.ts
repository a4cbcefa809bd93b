/**
 * `etcd.upgrade`: the trial begins with an etcd of the minor version before, whose members are replaced one after the other
 * by the one that is in use now, each with its data; the leader comes last.
 */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import { etcdWorkload } from '../model/etcd-workload.ts';
import type { EtcdMember } from '../model/etcd.ts';
import type { Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { type MemberStatus, statusOf } from './etcd-leadership.ts';
import { cannotBeAsked, theLeader, verifyWhole } from './etcd-members.ts';
import { untilProven } from './until.ts';

type Upgrade = Extract<Fault, { kind: 'etcd.upgrade' }>;

export const etcdUpgrade: Injector<Upgrade> = {
  about: {
    hop: 'etcd',
    does: 'the members of an etcd of the minor version before are upgraded one after the other',
    proof: 'every member tells the later version',
    needs: 'an etcd of the minor version before, or Go to build it',
  },

  lacks: ({ missing }) => missing.previousEtcd,

  unsupported: (_fault, world) =>
    world.programs.previous === undefined
      ? 'there is no etcd of the minor version before (gatecrash doctor)'
      : cannotBeAsked(world),

  prepare: async () => undefined,

  async inject(_fault, world, { signal }) {
    const [before] = await statuses(world, signal);
    await upgrade(world, minorOf(before?.version), signal);
    return { minor: minorOf(before?.version) };
  },

  verify(_fault, world, before, { signal }) {
    let told = 'no member answers';
    const look = async (): Promise<string | undefined> => {
      const versions = (await statuses(world, signal)).map((status) => status?.version ?? 'nothing');
      told = `the members tell ${versions.join(', ')}; they were of minor version ${before['minor']}`;
      return versions.every((version) => minorOf(version) > (before['minor'] ?? 0)) ? told : undefined;
    };
    return untilProven(look, () => told, signal);
  },

  /** There is no way back; what was interrupted is brought to its end. */
  async heal(_fault, world, { signal }) {
    const versions = await statuses(world, signal);
    const newest = Math.max(...versions.map((status) => minorOf(status?.version)));
    const some = versions.some((status) => minorOf(status?.version) < newest);
    if (some) await upgrade(world, newest - 1, signal);
  },

  async verifyHealed(_fault, world, { signal }) {
    const whole = await verifyWhole(world, signal);
    const minors = new Set((await statuses(world, signal)).map((status) => minorOf(status?.version)));
    if (minors.size > 1) throw new HarnessError('HEAL_FAILED', `members of ${minors.size} versions are left`);
    return `${whole}, all of one version`;
  },
};

/** Replaces those that are of that minor version or do not answer; the leader last. */
async function upgrade(world: World, from: number, signal: AbortSignal): Promise<void> {
  const versions = await statuses(world, signal);
  const old = world.members.filter((_member, index) => minorOf(versions[index]?.version) <= from);
  const leader = versions.find((status) => status !== undefined && status.id === status.leader);
  const last = old.toSorted((a, b) => Number(isAt(a, leader)) - Number(isAt(b, leader)));
  const { etcd: command } = world.programs;
  for (const member of last) {
    await world.stop(member.name);
    await world.launch(etcdWorkload(member, { command, cluster: world.members }), signal);
    await theLeader(world, signal);
  }
}

function isAt({ client }: EtcdMember, status: MemberStatus | undefined): boolean {
  return status?.client.href === client.href;
}

function statuses({ members }: World, signal: AbortSignal): Promise<readonly (MemberStatus | undefined)[]> {
  return Promise.all(members.map(({ client }) => statusOf(client, signal)));
}

/** The second number of `3.7.3`; -1 where there is none. */
function minorOf(version: string | undefined): number {
  return Number(/^\d+\.(\d+)/.exec(version ?? '')?.[1] ?? -1);
}
