/** Who leads a cluster of etcd, and how that changes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestEtcd } from '../support/etcd.ts';
import { until } from '../support/http.ts';

interface Status {
  readonly header: { readonly member_id: string };
  readonly leader?: string;
}

async function statusOf({ url }: TestEtcd): Promise<Status> {
  const signal = AbortSignal.timeout(1_000);
  const answer = await fetch(new URL('/v3/maintenance/status', url), { method: 'POST', body: '{}', signal });
  return (await answer.json()) as Status;
}

export type ClusterFault = 'move-leader' | 'kill-leader' | 'lose-quorum';

/** Longer than three elections, after which etcd tells who wants to know that it has no leader. Milliseconds. */
const leaderlessMs = 2_500;

/** When it resolves, all members are there. */
export async function hurtCluster(members: readonly TestEtcd[], how: ClusterFault): Promise<void> {
  if (how === 'lose-quorum') return loseQuorum(members);
  const leader = await leaderOf(members);
  if (leader === undefined) return;
  if (how === 'move-leader') await moveLeader(members, leader);
  else await leader.restart('keep');
}

/** One is left, takes connections, and can do nothing. */
async function loseQuorum([_left, ...others]: readonly TestEtcd[]): Promise<void> {
  for (const { pid } of others) process.kill(pid, 'SIGKILL');
  await sleep(leaderlessMs);
  await Promise.all(others.map((other) => other.restart('keep')));
}

/** Undefined while there is none, or while it is one that does not answer. */
async function leaderOf(members: readonly TestEtcd[]): Promise<TestEtcd | undefined> {
  for (const member of members) {
    const status = await statusOf(member).catch(() => undefined);
    if (status !== undefined && status.leader === status.header.member_id) return member;
  }
  return undefined;
}

/** Gives the lead to another member, by whoever leads when it is asked: that may change by itself on a host that is busy. */
async function moveLeader(members: readonly TestEtcd[], leader: TestEtcd): Promise<void> {
  const moved = async (): Promise<boolean> => {
    const now = await leaderOf(members);
    if (now === undefined) return false;
    return now !== leader || (await moveOnce(members, now));
  };
  await until(() => moved().catch(() => false), 'another member leads');
}

/** Whether it was taken. */
async function moveOnce(members: readonly TestEtcd[], leader: TestEtcd): Promise<boolean> {
  const next = members.find((member) => member !== leader);
  if (next === undefined) return true;
  const { header } = await statusOf(next);
  const body = JSON.stringify({ targetID: header.member_id });
  const { ok } = await fetch(new URL('/v3/maintenance/transfer-leadership', leader.url), { method: 'POST', body });
  return ok;
}
