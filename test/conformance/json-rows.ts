/** Requests over HTTP/1.1 and JSON. */
import type { Answer, Row } from './row.ts';

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

interface Ask {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function askJson(url: URL, path: string, { method = 'POST', body, headers = {} }: Ask): Promise<Answer> {
  const answer = await fetch(new URL(path, url), { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  const type = answer.headers.get('content-type');
  return { summary: `${answer.status}`, content: { status: answer.status, type, body: parsed(text) } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function post(area: string, what: string, path: string, body: object | string): Row {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { area, what, way: 'JSON', ask: (url) => askJson(url, path, { body: text }) };
}

function get(what: string, path: string, method = 'GET'): Row {
  return { area: 'HTTP', what, way: 'JSON', ask: (url) => askJson(url, path, { method }) };
}

const [a, b, c, all, end] = ['/apisix/a', '/apisix/b', '/apisix/c', '/apisix/', '/apisix0'].map(base64) as [
  string,
  string,
  string,
  string,
  string,
];
const range = { key: all, range_end: end };
const put = (key: string, value: string): object => ({ request_put: { key, value: base64(value) } });

export const jsonRows: readonly Row[] = [
  post('KV', 'put', '/v3/kv/put', { key: a, value: base64('1') }),
  post('KV', 'put, with what was before', '/v3/kv/put', { key: a, value: base64('2'), prev_kv: true }),
  post('KV', 'put without a key', '/v3/kv/put', { value: base64('1') }),
  post('KV', 'put that keeps a value that is not there', '/v3/kv/put', { key: base64('/none'), ignore_value: true }),
  post('KV', 'put with a lease that is not there', '/v3/kv/put', { key: b, lease: '12345' }),
  post('KV', 'put in camelCase', '/v3/kv/put', { key: b, value: base64('b'), prevKv: true }),
  post('KV', 'range of one key', '/v3/kv/range', { key: a }),
  post('KV', 'range of a prefix', '/v3/kv/range', range),
  post('KV', 'range with a limit', '/v3/kv/range', { ...range, limit: 1 }),
  post('KV', 'range of the past', '/v3/kv/range', { ...range, revision: '2' }),
  post('KV', 'range of the future', '/v3/kv/range', { ...range, revision: '2000000' }),
  post('KV', 'range without a key', '/v3/kv/range', {}),
  post('KV', 'range, a wrong order', '/v3/kv/range', { ...range, sort_order: 'SIDEWAYS' }),
  post('KV', 'txn that succeeds', '/v3/kv/txn', {
    compare: [{ key: a, target: 'VERSION', result: 'EQUAL', version: '2' }],
    success: [put(b, 'x'), put(c, 'y'), { request_range: { key: b } }],
  }),
  post('KV', 'txn that fails', '/v3/kv/txn', {
    compare: [{ key: a, target: 'CREATE', result: 'EQUAL', create_revision: '0' }],
    success: [put(b, 'never')],
    failure: [{ request_delete_range: { key: c, prev_kv: true } }],
  }),
  post('KV', 'txn with a key twice', '/v3/kv/txn', { success: [put(a, '1'), put(a, '2')] }),
  post('KV', 'deleterange of nothing', '/v3/kv/deleterange', { key: base64('/none') }),
  post('KV', 'deleterange of a prefix', '/v3/kv/deleterange', {
    key: base64('/apisix/b'),
    range_end: base64('/apisix/c'),
  }),
  post('KV', 'deleterange without a key', '/v3/kv/deleterange', {}),
  post('KV', 'compaction', '/v3/kv/compaction', { revision: '4' }),
  post('KV', 'compaction of what is compacted', '/v3/kv/compaction', { revision: '3' }),
  post('KV', 'compaction of the future', '/v3/kv/compaction', { revision: '9000000' }),
  post('KV', 'range of what is compacted', '/v3/kv/range', { ...range, revision: '2' }),
  post('malformed', 'no JSON', '/v3/kv/range', 'no JSON'),
  post('malformed', 'nothing', '/v3/kv/range', ''),
  post('malformed', 'an array', '/v3/kv/put', '[]'),
  post('malformed', 'a number for bytes', '/v3/kv/put', '{"key":7}'),
  post('malformed', 'no base64', '/v3/kv/put', '{"key":"%%"}'),
  post('malformed', 'an unknown field', '/v3/kv/range', { key: a, nothing: 1 }),
  post('malformed', 'two megabytes', '/v3/kv/put', { key: a, value: base64('x'.repeat(2_000_000)) }),
  post('lease', 'grant', '/v3/lease/grant', { ID: '777', TTL: '600' }),
  post('lease', 'grant of one that is there', '/v3/lease/grant', { ID: '777', TTL: '600' }),
  post('lease', 'grant without a time', '/v3/lease/grant', { ID: '778' }),
  post('lease', 'put with it', '/v3/kv/put', { key: b, value: base64('leased'), lease: '777' }),
  post('lease', 'timetolive', '/v3/lease/timetolive', { ID: '777', keys: true }),
  post('lease', 'timetolive of none', '/v3/lease/timetolive', { ID: '7' }),
  post('lease', 'keepalive', '/v3/lease/keepalive', { ID: '777' }),
  post('lease', 'leases', '/v3/lease/leases', {}),
  post('lease', 'revoke', '/v3/lease/revoke', { ID: '777' }),
  post('lease', 'revoke of none', '/v3/lease/revoke', { ID: '777' }),
  post('cluster', 'member list', '/v3/cluster/member/list', {}),
  post('cluster', 'remove of no member', '/v3/cluster/member/remove', { ID: '5' }),
  post('maintenance', 'status', '/v3/maintenance/status', {}),
  post('maintenance', 'alarms', '/v3/maintenance/alarm', { action: 'GET' }),
  post('maintenance', 'hash', '/v3/maintenance/hash', {}),
  post('lock', 'a lease for it', '/v3/lease/grant', { ID: '779', TTL: '600' }),
  post('lock', 'lock', '/v3/lock/lock', { name: base64('conformance'), lease: '779' }),
  // The name, and the lease in hexadecimal.
  post('lock', 'unlock', '/v3/lock/unlock', { key: base64('conformance/30b') }),
  post('lock', 'unlock of none', '/v3/lock/unlock', { key: base64('nothing') }),
  post('lock', 'the lease is revoked', '/v3/lease/revoke', { ID: '779' }),
  get('GET /version', '/version'),
  get('GET /health', '/health'),
  get('GET of what is not there', '/v3/nothing'),
  get('GET where POST is meant', '/v3/kv/range'),
  get('DELETE where POST is meant', '/v3/kv/put', 'DELETE'),
  get('OPTIONS', '/v3/kv/range', 'OPTIONS'),
  post('HTTP', 'a path of another version', '/v3alpha/kv/range', range),
];

const serializable: readonly (readonly [string, object])[] = [
  ['everything', range],
  ['one key', { key: a }],
  ['a limit', { ...range, limit: 2 }],
  ['keys only, downwards', { ...range, keys_only: true, sort_order: 'DESCEND', sort_target: 'MOD' }],
  ['by value', { ...range, sort_order: 'ASCEND', sort_target: 'VALUE' }],
  ['a count', { ...range, count_only: true }],
  ['changed since', { ...range, min_mod_revision: '6' }],
  ['created until', { ...range, max_create_revision: '6' }],
  ['a range that is empty', { key: end, range_end: all }],
  ['keys beyond what is followed', { key: base64('/'), range_end: base64('0') }],
];

export const mirrorRows: readonly Row[] = serializable.map(([what, body]) => ({
  ...post('serializable range', what, '/v3/kv/range', { ...body, serializable: true }),
  mirrored: true,
}));
