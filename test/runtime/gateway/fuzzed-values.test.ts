/** Whatever stands in etcd: no value takes the table, the upstreams, a request or a worker down. */
import { Etcd3 } from 'etcd3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { plugins as known } from '../../../gateway/plugins/index.ts';
import { createAuthority } from '../../support/certificate.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { type EchoUpstream, type TestGateway, routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { type Ask, ask, until } from '../../support/http.ts';

const nodes = [{ host: '127.0.0.1', port: 80, weight: 1, priority: 0, metadata: { room: 'a', capacity: 3 } }];
const checks = {
  active: {
    type: 'http',
    http_path: '/',
    healthy: { interval: 1, successes: 1 },
    unhealthy: { interval: 1, tcp_failures: 1 },
  },
  passive: { unhealthy: { http_failures: 1, http_statuses: [500] } },
};
const upstream = {
  type: 'chash',
  nodes,
  checks,
  hash_on: 'header',
  key: 'x',
  retries: 1,
  retry_timeout: 1,
  scheme: 'http',
  pass_host: 'rewrite',
  upstream_host: 'h',
  timeout: { connect: 1, send: 1, read: 1 },
  keepalive_pool: { size: 1, idle_timeout: 1, requests: 1 },
};
const plugins = {
  'proxy-rewrite': { uri: '/a', regex_uri: ['^/a', '/b'], headers: { set: { A: 'b' }, add: { C: 1 }, remove: ['D'] } },
  'response-rewrite': { status_code: 200, body: 'b', headers: { set: { A: 'b' } }, vars: [['status', '==', 200]] },
  'limit-count': { count: 1, time_window: 1, key_type: 'var', key: 'remote_addr' },
  'limit-req': { rate: 1, burst: 1, key: 'remote_addr' },
  'traffic-split': {
    rules: [{ match: [{ vars: [['arg_a', '==', 'b']] }], weighted_upstreams: [{ upstream, weight: 1 }] }],
  },
  'ip-restriction': { whitelist: ['127.0.0.0/8'] },
  'fault-injection': { abort: { http_status: 500, percentage: 1, vars: [[['arg_a', '==', 'b']]] } },
  cors: { allow_origins: 'https://a.com', max_age: 1 },
  'key-auth': { header: 'apikey' },
  'request-id': { header_name: 'X-Id', algorithm: 'range_id', range_id: { char_set: 'abcdef', length: 6 } },
  'uri-blocker': { block_rules: ['^/never'], rejected_code: 403, case_insensitive: true },
  'ua-restriction': { denylist: ['bot'], bypass_missing: true },
  prometheus: { prefer_name: true },
};
/** Apart from the others, which would not get to see a request behind these. */
const answering = {
  redirect: { regex_uri: ['^/never/(.*)', '/${1}'], ret_code: 302, encode_uri: true },
  mocking: { response_example: '{"a":"$arg_a"}', response_status: 200, response_headers: { A: 'b' } },
};
const authority = createAuthority();
const { cert, key } = authority.issue('a.com');
/** By folder, what is right in it. */
const originals: Readonly<Record<string, readonly object[]>> = {
  routes: [
    {
      uris: ['/a', '/b/:id/*'],
      hosts: ['a.com', '*.b.com'],
      methods: ['GET'],
      priority: 1,
      status: 1,
      remote_addrs: ['127.0.0.1'],
      vars: [
        ['arg_a', '!', '~~', '^b'],
        ['OR', ['http_x', 'in', ['1']], ['arg_c', '>', 3]],
      ],
      labels: { a: 'b' },
      upstream,
      plugins,
    },
    { uri: '/m', name: 'm', plugins: answering },
  ],
  services: [{ hosts: ['a.com'], upstream, plugins, enable_websocket: true }],
  upstreams: [upstream],
  plugin_configs: [{ id: 'x', plugins }],
  global_rules: [
    { id: 'x', plugins },
    { id: 'x', plugins: answering },
  ],
  consumers: [{ username: 'x', plugins: { 'key-auth': { key: 'k' } } }],
  ssls: [{ cert, key, sni: 'a.com' }],
  blocks: [{ host: 'a.com', uri: '/a*', remote_addr: '127.0.0.1' }],
};

/** Every place in a value, as a path. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...(value as object) };
  (copy as Record<string, unknown>)[name] = replaced((value as Record<string, unknown>)[name], rest, by);
  return copy;
}

const odd = fc.oneof(
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    1.5,
    1e300,
    true,
    [],
    {},
    [null],
    { a: null },
    '(',
    '*',
    '/',
    ':',
    '\u0000',
    'a\r\nb',
    '[::1',
    '%',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

interface Wrong {
  readonly name: string;
  readonly value: unknown;
}

/** Values of these folders with one to three places changed for the worse, perhaps. */
function wrongValues(folders: readonly string[]): fc.Arbitrary<Wrong> {
  const right = folders.flatMap((name) => (originals[name] ?? []).map((original) => ({ name, original })));
  return fc.constantFrom(...right).chain(({ name, original }) =>
    fc.array(fc.tuple(fc.constantFrom(...placesIn(original)), odd), { minLength: 1, maxLength: 3 }).map((changes) => ({
      name,
      value: changes.reduce((kept, [path, by]) => safely(kept, path, by), original as unknown),
    })),
  );
}

/** A place that an earlier change has taken away is left alone. */
function safely(kept: unknown, path: readonly string[], by: unknown): unknown {
  try {
    return replaced(kept, path, by);
  } catch {
    return kept;
  }
}

let etcd: TestEtcd;
let client: Etcd3;
let echo: EchoUpstream;
let gateway: TestGateway;

beforeAll(async () => {
  [etcd, echo] = await Promise.all([startEtcd(), startEcho()]);
  client = new Etcd3({ hosts: etcd.url.origin });
  await client.put('/apisix/routes/good').value(routeTo(echo, '/good', 1));
  gateway = await startGateway({ etcd: etcd.url });
  await until(() => gateway.ready(), 'the gateway is ready');
});

afterAll(async () => {
  client.close();
  await gateway[Symbol.asyncDispose]();
  await Promise.all([echo, etcd].map((each) => each[Symbol.asyncDispose]()));
  authority[Symbol.dispose]();
});

test('every plugin is among what is changed for the worse', () => {
  const tried = [...Object.keys(plugins), ...Object.keys(answering)];
  expect(tried.toSorted()).toEqual(known.map(({ name }) => name).toSorted());
});

test('what is right is taken, before it is changed', async () => {
  for (const [name, values] of Object.entries(originals)) await putAll(values.map((value) => ({ name, value })));
  // Those of consumers bear another name than their key.
  const others = (await refused()).keys.filter((each) => !each.startsWith('/apisix/consumers/'));
  expect(others).toEqual([]);
  for (const folder of Object.keys(originals)) await client.delete().prefix(`/apisix/${folder}/fuzz-`);
  await expect.poll(good).toBe('200 /seq/1');
});

/** In one transaction, each under an id of its own; resolves when the gateway has read them. */
async function putAll(batch: readonly Wrong[]): Promise<void> {
  const puts = batch.map(({ name, value }, id) =>
    client.put(`/apisix/${name}/fuzz-${id}`).value(JSON.stringify(value)),
  );
  const { header } = await client
    .if('\0', 'Create', '==', 0)
    .then(...puts)
    .commit();
  await until(async () => BigInt((await gateway.workers())[0]?.revision ?? 0) >= BigInt(header.revision), 'read');
}

/** The answer of the route that is right. No redirect is followed. */
async function good(): Promise<string> {
  const { status, body } = await ask(Number(gateway.traffic.port), { path: '/good' });
  return `${status} ${body}`;
}

const questions: readonly Ask[] = [
  { path: '/a?a=b', headers: { host: 'a.com' } },
  { path: '/m?a=b' },
  { method: 'POST', path: '/b/1/2', headers: { host: 'x.b.com:80' } },
];
const batchSize = 100;

interface Refused {
  /** Of the first hundred, which the status page shows, with their reasons. */
  readonly keys: readonly string[];
  readonly reasons: readonly string[];
  readonly total: number;
}

async function refused(): Promise<Refused> {
  const [worker] = (await gateway.workers()) as unknown as readonly { rejected: object; rejectedTotal: number }[];
  const { rejected = {}, rejectedTotal: total = 0 } = worker ?? {};
  return { keys: Object.keys(rejected), reasons: Object.values(rejected) as string[], total };
}

const concerningAll = ['global_rules', 'blocks'];
/** The same values come again with `FUZZ_SEED=<seed>`. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const single = Object.keys(originals).filter((folder) => !concerningAll.includes(folder));

test.each<[string, readonly string[], number, RegExp]>([
  ['8,000 of single objects: others serve on', single, 8_000, /^200 \/seq\/1$/],
  ['2,000 of what concerns every request: all are answered', concerningAll, 2_000, /^\d{3} /],
])('values that are wrong somewhere, %s, and the reasons are told', async (_what, folders, count, expected) => {
  const [{ pid } = { pid: 0 }] = await gateway.workers();
  onTestFailed(() => void process.stderr.write(`to see it again: FUZZ_SEED=${seed}\n`));
  const wrong = fc.sample(wrongValues(folders), { numRuns: count, seed });
  let most = 0;
  for (let start = 0; start < count; start += batchSize) {
    const batch = wrong.slice(start, start + batchSize);
    await putAll(batch);
    expect(await good()).toMatch(expected);
    for (const question of questions)
      expect((await ask(Number(gateway.traffic.port), question)).status).toBeGreaterThan(99);
    const { reasons, total } = await refused();
    for (const reason of reasons) expect(reason).toMatch(/\S/);
    most = Math.max(most, total);
  }
  expect(most).toBeGreaterThan(batchSize / 4);
  const metrics = await gateway.metrics();
  expect(metrics).toContain(`gateway_config_rejected_items{worker="1"} ${(await refused()).total}`);
  expect(gateway.log()).toContain('bad configuration item skipped');
  for (const folder of folders) await client.delete().prefix(`/apisix/${folder}/fuzz-`);
  await expect.poll(good).toBe('200 /seq/1');
  expect((await gateway.workers()).map((worker) => worker.pid)).toEqual([pid]);
});
