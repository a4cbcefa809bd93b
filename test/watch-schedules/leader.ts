/** Who leads a cluster of etcd, and how that changes. */
import type { TestEtcd } from '../support/etcd.ts';

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

/** Gives the lead to another member. */
export async function moveLeader(members: readonly TestEtcd[], leader: TestEtcd): Promise<void> {
  const next = members.find((member) => member !== leader);
  if (next === undefined) return;
  const { header } = await statusOf(next);
  const body = JSON.stringify({ targetID: header.member_id });
  const answer = await fetch(new URL('/v3/maintenance/transfer-leadership', leader.url), { method: 'POST', body });
  if (!answer.ok) throw new Error(`the leader does not move: ${await answer.text()}`);
}
