/** Watches of many kinds: what each answers while the same few things are written. */
import { until } from '../support/http.ts';
import { askJson, base64 } from './json-rows.ts';
import type { Answer, Row } from './row.ts';
import { type Line, type Request, type Stream, openStream } from './watch-stream.ts';

const all = { key: base64('/apisix/'), range_end: base64('/apisix0') };
const one = { key: base64('/apisix/w2') };

/** `since`: a revision that is not compacted, and older than what a proxy started late has in its ring. */
const kinds = (since: string): readonly (readonly [string, readonly Request[]])[] => [
  ['from now', [{ create_request: all }]],
  ['from a revision in the past', [{ create_request: { ...all, start_revision: since } }]],
  ['from what is compacted', [{ create_request: { ...all, start_revision: '2' } }]],
  ['from the future', [{ create_request: { ...all, start_revision: '1000000' } }]],
  ['one key', [{ create_request: one }]],
  ['from one key on, without an end', [{ create_request: { key: one.key, range_end: 'AA==' } }]],
  ['what the key held before', [{ create_request: { ...all, prev_kv: true } }]],
  ['what it held before, in the past', [{ create_request: { ...all, prev_kv: true, start_revision: since } }]],
  ['no puts', [{ create_request: { ...all, filters: ['NOPUT'] } }]],
  ['no deletes', [{ create_request: { ...all, filters: ['NODELETE'] } }]],
  ['in fragments', [{ create_request: { ...all, fragment: true } }]],
  ['an id of its own', [{ create_request: { ...all, watch_id: '7' } }]],
  ['the same id twice', [{ create_request: { ...all, watch_id: '7' } }, { create_request: { ...one, watch_id: '7' } }]],
  ['two on one stream', [{ create_request: all }, { create_request: one }]],
  ['canceled', [{ create_request: { ...all, watch_id: '9' } }, { cancel_request: { watch_id: '9' } }]],
  ['canceled, though there is none', [{ create_request: all }, { cancel_request: { watch_id: '5' } }]],
  ['an empty range', [{ create_request: { key: all.range_end, range_end: all.key } }]],
  ['without a key', [{ create_request: { range_end: 'AA==' } }]],
];

/** At etcd itself. Resolves with the revisions of the last delete and of the last put. */
async function writeAFew(etcd: URL): Promise<{ readonly deleted: string; readonly put: string }> {
  const ask = async (path: string, body: object): Promise<string> => {
    const { content } = await askJson(etcd, path, { body: JSON.stringify(body) });
    return (content as { body: { header: { revision: string } } }).body.header.revision;
  };
  const put = (key: string, value: string): object => ({ key: base64(`/apisix/${key}`), value: base64(value) });
  await ask('/v3/kv/put', put('w1', 'changed'));
  await ask('/v3/kv/put', put('w2', 'changed'));
  const deleted = await ask('/v3/kv/deleterange', one);
  await ask('/v3/kv/txn', { success: [{ request_put: put('w2', 'a') }, { request_put: put('w3', 'b') }] });
  return { deleted, put: await ask('/v3/kv/put', put('w2', 'last')) };
}

async function watched(stream: Stream, requests: readonly Request[], etcd: URL): Promise<Answer> {
  const wanted = requests.filter((each) => each.create_request !== undefined).length;
  await until(() => stream.lines.filter(({ created }) => created).length === wanted, 'every watch is answered');
  const { deleted, put } = await writeAFew(etcd);
  const text = JSON.stringify(requests);
  const last = text.includes('NOPUT') ? deleted : put;
  const ends = text.includes('1000000') || text.includes('"start_revision":"2"');
  const complete = (): boolean => {
    const { lines } = stream;
    const ended = lines.filter(({ canceled }) => canceled).map(({ watch_id: id }) => id ?? '0');
    const live = lines.filter(({ created, watch_id: id }) => created && !ended.includes(id ?? '0'));
    const has = (id = '0'): boolean =>
      lines.some((each) => (each.watch_id ?? '0') === id && each.events?.some(({ kv }) => kv['mod_revision'] === last));
    return ends ? text.includes('1000000') || ended.length > 0 : live.every(({ watch_id: id }) => has(id));
  };
  await until(complete, 'every watch has its last event');
  const fromNow = !text.includes('start_revision');
  return { summary: ends ? 'no events' : 'events', content: seen(stream.lines, fromNow) };
}

/**
 * Batches may differ, and with them the revision of the store that a header tells; between watches there is no order. What a
 * watch from now is told when it is created is where it begins, and nothing else will do.
 */
function seen(lines: readonly Line[], fromNow: boolean): unknown {
  const isExact = ({ created, canceled }: Line): boolean => fromNow && created === true && canceled !== true;
  return {
    control: lines
      .filter(({ events = [] }) => events.length === 0)
      .map((line) => ({ ...line, header: isExact(line) ? line.header : '*', events: [] })),
    events: ['0', '1', '7', '9'].map((id) =>
      lines.filter(({ watch_id = '0' }) => watch_id === id).flatMap(({ events = [] }) => events),
    ),
  };
}

export function watchRows(since: string): readonly Row[] {
  return kinds(since).flatMap(([what, requests]) =>
    (['JSON', 'gRPC'] as const).map((way): Row => ({
      area: 'watch',
      what,
      way,
      async ask(url, etcd) {
        using stream = openStream(way, url, requests);
        return await watched(stream, requests, etcd);
      },
    })),
  );
}
