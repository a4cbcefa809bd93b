/** A client of etcd that is nobody else's: its JSON over HTTP, one question a connection. */

export interface Said {
  /** HTTP status, or 0 when nobody answered in time. */
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const answerWithinMs = 3_000;

export async function askEtcd(member: URL, path: string, question: object, token?: string): Promise<Said> {
  const headers = { connection: 'close', ...(token === undefined ? {} : { authorization: token }) };
  const signal = AbortSignal.timeout(answerWithinMs);
  try {
    const answer = await fetch(new URL(path, member), {
      method: 'POST',
      headers,
      body: JSON.stringify(question),
      signal,
    });
    return { status: answer.status, body: (await answer.json()) as Said['body'] };
  } catch {
    return { status: 0, body: {} };
  }
}

/** HTTP status of a put by that member. */
export async function putBy(member: URL, key: string, value: string, token?: string): Promise<number> {
  return (await askEtcd(member, '/v3/kv/put', { key: base64(key), value: base64(value) }, token)).status;
}

/** HTTP status of a read by that member, through the quorum or, `serializable`, of its own store; and what it read. */
export async function readBy(
  member: URL,
  key: string,
  { serializable = false, token }: { readonly serializable?: boolean; readonly token?: string } = {},
): Promise<readonly [number, string | undefined]> {
  const { status, body } = await askEtcd(member, '/v3/kv/range', { key: base64(key), serializable }, token);
  const [kv] = (body['kvs'] ?? []) as readonly { readonly value?: string }[];
  return [status, kv === undefined ? undefined : Buffer.from(kv.value ?? '', 'base64').toString()];
}

export interface Told {
  readonly id: string;
  readonly cluster: string;
  readonly leader: string;
  readonly term: number;
  readonly revision: number;
  readonly version: string;
}

/** What a member says of itself; undefined when it does not answer. */
export async function toldBy(member: URL): Promise<Told | undefined> {
  const { status, body } = await askEtcd(member, '/v3/maintenance/status', {});
  if (status !== 200) return undefined;
  const header = body['header'] as Readonly<Record<string, string>>;
  return {
    id: header['member_id'] ?? '',
    cluster: header['cluster_id'] ?? '',
    leader: (body['leader'] ?? '') as string,
    term: Number(body['raftTerm']),
    revision: Number(header['revision']),
    version: String(body['version']),
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
