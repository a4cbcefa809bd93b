/** Who leads a cluster of etcd, and how that changes. */
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

/** Undefined while there is none, or while it is one that does not answer. */
export async function leaderOf(members: readonly TestEtcd[]): Promise<TestEtcd | undefined> {
  for (const member of members) {
    const status = await statusOf(member).catch(() => undefined);
    if (status !== undefined && status.leader === status.header.member_id) return member;
  }
  return undefined;
}

/** Gives the lead to another member, by whoever leads when it is asked: that may change by itself on a host that is busy. */
export async function moveLeader(members: readonly TestEtcd[], leader: TestEtcd): Promise<void> {
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
