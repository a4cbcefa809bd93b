/** Who leads a cluster of etcd, as its members tell by its JSON. They tell nobody where a login is asked for. */
import { setTimeout as sleep } from 'node:timers/promises';

/** What a member says of itself. Ids are text: they do not fit a number. */
export interface MemberStatus {
  readonly client: URL;
  readonly id: string;
  readonly clusterId: string;
  /** Whom it follows, itself perhaps; `'0'` for nobody. */
  readonly leader: string;
  readonly term: number;
  readonly revision: number;
  readonly version: string;
}

export interface Leadership {
  readonly leader: MemberStatus;
  /** Those who answered and follow it, itself among them. */
  readonly following: readonly MemberStatus[];
}

/** What a member that lives takes at most, even on a busy host. */
const answerWithinMs = 1_000;
const againMs = 50;

interface StatusAnswer {
  readonly header?: Readonly<Record<'cluster_id' | 'member_id' | 'revision', string | undefined>>;
  readonly leader?: string;
  readonly raftTerm?: string;
  readonly version?: string;
}

/** Undefined for a member that does not answer. Rejects when the signal aborts. */
export async function statusOf(client: URL, signal: AbortSignal): Promise<MemberStatus | undefined> {
  try {
    const answer = (await ask(client, '/v3/maintenance/status', {}, signal)) as StatusAnswer;
    const { header, leader = '0', raftTerm = '0', version = '' } = answer;
    const [id, clusterId] = [header?.member_id ?? '0', header?.cluster_id ?? '0'];
    return { client, id, clusterId, leader, term: Number(raftTerm), revision: Number(header?.revision ?? 0), version };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Whom most of the members that answer follow; undefined when nobody leads. */
export async function leadership(clients: readonly URL[], signal: AbortSignal): Promise<Leadership | undefined> {
  const said = await Promise.all(clients.map((client) => statusOf(client, signal)));
  const statuses = said.filter((status) => status !== undefined);
  // A leader that was deposed and does not know yet is of an older term.
  const [leader] = statuses.filter(({ id, leader }) => id === leader).toSorted((a, b) => b.term - a.term);
  if (leader === undefined) return undefined;
  return { leader, following: statuses.filter((each) => each.leader === leader.id && each.term === leader.term) };
}

/** Resolves once all members that are there follow one; rejects when the signal aborts first. */
export async function untilLed(clients: readonly URL[], signal: AbortSignal): Promise<Leadership> {
  for (;;) {
    const found = await leadership(clients, signal);
    if (found?.following.length === clients.length) return found;
    await sleep(againMs, undefined, { signal });
  }
}

/** The leader hands over to the member after it. Rejects when nobody leads, or the leader does not. */
export async function moveLeader(clients: readonly URL[], signal: AbortSignal): Promise<void> {
  const found = await leadership(clients, signal);
  if (found === undefined) throw new Error('nobody leads');
  const { leader, following } = found;
  const place = following.findIndex(({ id }) => id === leader.id);
  const next = following[(place + 1) % following.length];
  if (next === undefined || next.id === leader.id) throw new Error('there is no other member to lead');
  await ask(leader.client, '/v3/maintenance/transfer-leadership', { targetID: next.id }, signal);
}

/** What etcd's JSON gateway answers; rejects on any other status than 200. */
async function ask(client: URL, path: string, question: object, signal: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
  const answer = await fetch(new URL(path, client), { method: 'POST', body: JSON.stringify(question), signal: limit });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
