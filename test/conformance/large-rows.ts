/** A response that is larger than any request may be: keys are overwritten, and what they held before comes with them. */
import { until } from '../support/http.ts';
import { askJson, base64 } from './json-rows.ts';
import type { Answer, Row } from './row.ts';
import { openStream } from './watch-stream.ts';

const keys = 20;
const bytes = 60_000;
const prefix = '/apisix/large/';
const range = { key: base64(prefix), range_end: base64('/apisix/large0') };

/** All keys in one transaction, 1.2 MB. */
async function overwrite(etcd: URL, letter: string): Promise<void> {
  const value = base64(letter.repeat(bytes));
  const success = Array.from({ length: keys }, (_each, n) => ({
    request_put: { key: base64(`${prefix}${String(n).padStart(2, '0')}`), value },
  }));
  await askJson(etcd, '/v3/kv/txn', { body: JSON.stringify({ success }) });
}

/** Where a response is cut is its own affair; that it is, and what the parts are together, is not. */
async function watched(way: 'JSON' | 'gRPC', fragment: boolean, url: URL, etcd: URL): Promise<Answer> {
  await overwrite(etcd, 'a');
  using stream = openStream(way, url, [{ create_request: { ...range, prev_kv: true, fragment } }]);
  await until(() => stream.lines.length > 0, 'the watch is created');
  await overwrite(etcd, 'b');
  const events = (): readonly unknown[] => stream.lines.flatMap((line) => line.events ?? []);
  await until(() => events().length >= keys, 'all events');
  const parts = stream.lines.filter((line) => (line.events ?? []).length > 0);
  const isWhole = parts.every((part, index) => (part.fragment === true) === index < parts.length - 1);
  return {
    summary: parts.length > 1 ? 'in parts' : 'in one piece',
    content: { isWhole, isCut: parts.length > 1, events: events() },
  };
}

export const largeRows: readonly Row[] = [true, false].flatMap((fragment) =>
  (['JSON', 'gRPC'] as const).map((way): Row => ({
    area: 'watch',
    what: `a revision of more than two megabytes, ${fragment ? 'in fragments' : 'whole'}`,
    way,
    ask: (url, etcd) => watched(way, fragment, url, etcd),
  })),
);
