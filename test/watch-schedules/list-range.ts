/** A range of keys, read through the JSON gateway at one moment. */

interface Range {
  readonly from: string;
  readonly to: string;
}

interface List {
  readonly revision: number;
  readonly keys: ReadonlyMap<string, string>;
  /** Whether the watch proxy answered it itself. */
  readonly mirrored: boolean;
}

/** Rejects when it is not answered within two seconds, or refused. */
export async function listRange(url: URL, { from, to }: Range, serializable: boolean): Promise<List> {
  const body = JSON.stringify({
    key: Buffer.from(from).toString('base64'),
    range_end: Buffer.from(to).toString('base64'),
    serializable,
  });
  const signal = AbortSignal.timeout(2_000);
  const answer = await fetch(new URL('/v3/kv/range', url), { method: 'POST', body, signal });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const { header, kvs = [] } = (await answer.json()) as {
    readonly header: { readonly revision: string };
    readonly kvs?: readonly { readonly key: string; readonly value?: string }[];
  };
  const text = (bytes: string): string => Buffer.from(bytes, 'base64').toString('latin1');
  return {
    revision: Number(header.revision),
    keys: new Map(kvs.map(({ key, value = '' }) => [text(key), text(value)])),
    mirrored: answer.headers.has('x-watch-proxy-mirror'),
  };
}
