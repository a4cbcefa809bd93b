/** Whatever stands in etcd: no value takes the table, the upstreams, a request or a worker down. */
import { Etcd3 } from 'etcd3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
};
const originals: Readonly<Record<string, object>> = {
  routes: {
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
  services: { hosts: ['a.com'], upstream, plugins, enable_websocket: true },
  upstreams: upstream,
  plugin_configs: { id: 'x', plugins },
  global_rules: { id: 'x', plugins },
  consumers: { username: 'x', plugins: { 'key-auth': { key: 'k' } } },
  ssls: { cert: '-----BEGIN x', key: '-----BEGIN y', sni: 'a.com' },
  blocks: { host: 'a.com', uri: '/a*', remote_addr: '127.0.0.1' },
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
  return fc.constantFrom(...folders).chain((name) =>
    fc
      .array(fc.tuple(fc.constantFrom(...placesIn(originals[name])), odd), { minLength: 1, maxLength: 3 })
      .map((changes) => ({
        name,
        value: changes.reduce((kept, [path, by]) => safely(kept, path, by), originals[name] as unknown),
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

const questions: readonly Ask[] = [
  { path: '/a?a=b', headers: { host: 'a.com' } },
  { method: 'POST', path: '/b/1/2', headers: { host: 'x.b.com:80' } },
];
const batchSize = 100;

/** Those of the first hundred refusals that the status page shows, and the number of all. */
async function refused(): Promise<{ readonly shown: readonly string[]; readonly total: number }> {
  const [worker] = (await gateway.workers()) as unknown as readonly { rejected: object; rejectedTotal: number }[];
  return { shown: Object.values(worker?.rejected ?? {}) as string[], total: worker?.rejectedTotal ?? 0 };
}

const concerningAll = ['global_rules', 'blocks'];
const single = Object.keys(originals).filter((folder) => !concerningAll.includes(folder));

test.each<[string, readonly string[], number, RegExp]>([
  ['8,000 of single objects: others serve on', single, 8_000, /^200 \/seq\/1$/],
  ['2,000 of what concerns every request: all are answered', concerningAll, 2_000, /^\d{3} /],
])('values that are wrong somewhere, %s, and the reasons are told', async (_what, folders, count, expected) => {
  const [{ pid } = { pid: 0 }] = await gateway.workers();
  const all = fc.sample(wrongValues(folders), count);
  let most = 0;
  for (let start = 0; start < count; start += batchSize) {
    const batch = all.slice(start, start + batchSize);
    await putAll(batch);
    expect(await gateway.get('/good')).toMatch(expected);
    for (const question of questions)
      expect((await ask(Number(gateway.traffic.port), question)).status).toBeGreaterThan(99);
    const { shown, total } = await refused();
    for (const reason of shown) expect(reason).toMatch(/\S/);
    most = Math.max(most, total);
  }
  expect(most).toBeGreaterThan(batchSize / 4);
  const metrics = await gateway.metrics();
  expect(metrics).toContain(`gateway_config_rejected_items{worker="1"} ${(await refused()).total}`);
  expect(gateway.log()).toContain('bad configuration item skipped');
  for (const folder of folders) await client.delete().prefix(`/apisix/${folder}/fuzz-`);
  await expect.poll(() => gateway.get('/good'), { timeout: 30_000 }).toBe('200 /seq/1');
  expect((await gateway.workers()).map((worker) => worker.pid)).toEqual([pid]);
});
