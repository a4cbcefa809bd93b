/** The Admin API of a real gateway before a real etcd, as a client of APISIX uses it. */
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, freePort, startEtcd } from '../../support/etcd.ts';
import { ask, until } from '../../support/http.ts';
import { type EchoUpstream, type TestGateway, startEcho, startGateway } from '../../support/gateway.ts';

const key = 'a-key-of-sixteen-or-more';
let etcd: TestEtcd;
let gateway: TestGateway;
let echo: EchoUpstream;
let admin: URL;
let client: Etcd3;

beforeAll(async () => {
  etcd = await startEtcd();
  echo = await startEcho();
  admin = new URL(`http://127.0.0.1:${await freePort()}/apisix/admin/`);
  gateway = await startGateway({
    etcd: etcd.url,
    workers: 2,
    env: { GATEWAY_ADMIN: admin.host, GATEWAY_ADMIN_KEY: key },
  });
  client = new Etcd3({ hosts: etcd.url.origin });
  const listed = async (): Promise<boolean> => (await call('GET', 'routes')).status === 200;
  await until(async () => (await gateway.ready()) && listed().catch(() => false), 'the Admin API answers');
});

afterAll(async () => {
  client.close();
  await gateway[Symbol.asyncDispose]();
  await echo[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, never>>;
}

async function call(method: string, path: string, body?: unknown, apiKey: string | undefined = key): Promise<Reply> {
  const answer = await fetch(new URL(path, admin), {
    method,
    headers: {
      ...(apiKey === '' ? {} : { 'x-api-key': apiKey }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Reply['body'] };
}

const toEcho = (uri: string): object => ({ uri, upstream: { type: 'roundrobin', nodes: { [echo.node]: 1 } } });

test('a route is created with 201, served, updated with 200, read back, listed and deleted', async () => {
  expect(await call('PUT', 'routes/life', toEcho('/life'))).toMatchObject({
    status: 201,
    body: { key: '/apisix/routes/life', value: { id: 'life', uri: '/life', create_time: expect.any(Number) } },
  });
  await expect.poll(() => gateway.get('/life')).toBe('200 /life');
  expect((await call('PUT', 'routes/life', toEcho('/life2'))).status).toBe(200);
  await expect.poll(() => gateway.get('/life2')).toBe('200 /life2');
  const { body } = await call('GET', 'routes/life');
  expect(body).toMatchObject({
    value: { uri: '/life2' },
    createdIndex: expect.any(Number),
    modifiedIndex: expect.any(Number),
  });
  expect((await call('GET', 'routes?uri=life2')).body).toMatchObject({
    total: 1,
    list: [{ key: '/apisix/routes/life', createdIndex: expect.any(Number), modifiedIndex: expect.any(Number) }],
  });
  expect(await call('DELETE', 'routes/life')).toMatchObject({ status: 200, body: { deleted: '1' } });
  await expect.poll(() => gateway.get('/life2')).toMatch(/^404/);
  const notFound = { status: 404, body: { message: 'Key not found' } };
  expect(await call('DELETE', 'routes/life')).toEqual(notFound);
  expect(await call('GET', 'routes/life')).toEqual(notFound);
  expect(await call('PATCH', 'routes/life', { desc: 'gone' })).toEqual(notFound);
});

/** As a shell does it: the body as it is, under the type that the tool gives it. */
async function send(method: string, path: string, type: string, body?: string): Promise<Reply> {
  const answer = await ask(Number(admin.port), {
    method,
    path: `${admin.pathname}${path}`,
    headers: { 'x-api-key': key, ...(type === '' ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, body: JSON.parse(answer.body) as Reply['body'] };
}

test.each(['application/x-www-form-urlencoded', 'text/plain', 'application/json; charset=utf-8', ''])(
  "APISIX's own examples work as they stand: a body is JSON, also when its type is '%s'",
  async (type) => {
    expect((await send('PUT', 'routes/curl', type, JSON.stringify(toEcho('/curl')))).status).toBeLessThan(300);
    await expect.poll(() => gateway.get('/curl')).toBe('200 /curl');
    expect((await send('PATCH', 'routes/curl', type, '{"desc":"by hand"}')).body).toMatchObject({
      value: { uri: '/curl', desc: 'by hand' },
    });
    expect(await send('PUT', 'routes/curl', type, '{')).toMatchObject({ status: 400 });
    // With the type of a body that is not there.
    expect((await send('DELETE', 'routes/curl', type)).status).toBe(200);
  },
);

test('what else APISIX has there is absent, and says so', async () => {
  for (const path of ['plugins/cors', 'plugins?all=true', 'schema/plugins/cors', 'secrets/vault/1', 'protos'])
    expect(await call('GET', path)).toMatchObject({ status: 404, body: { error_msg: expect.any(String) } });
});

test('POST finds an id of its own, twenty digits as APISIX, and never the same twice', async () => {
  const [one, two] = await Promise.all([call('POST', 'routes', toEcho('/p1')), call('POST', 'routes', toEcho('/p2'))]);
  const ids = [one, two].map(({ body }) => (body as unknown as { value: { id: string } }).value.id);
  expect(ids).toEqual([expect.stringMatching(/^\d{20}$/), expect.stringMatching(/^\d{20}$/)]);
  expect(new Set(ids).size).toBe(2);
});

test.each<[string, string, string, unknown, RegExp]>([
  ['null in the matching section', 'PUT', 'routes/bad', { uri: null, upstream_id: 1 }, /\/uri/],
  ['an unknown field', 'PUT', 'routes/bad', { uri: '/x', upstream: { nodes: {} }, surprise: 1 }, /surprise/],
  ['an unknown plugin', 'PUT', 'routes/bad', { uri: '/x', plugins: { nope: {} } }, /unknown plugin "nope"/],
  [
    'a bad regex',
    'PUT',
    'routes/bad',
    { uri: '/x', plugins: { 'proxy-rewrite': { regex_uri: ['(', ''] } } },
    /proxy-rewrite/,
  ],
  ['an upstream that is not there', 'PUT', 'routes/bad', { uri: '/x', upstream_id: 'gone' }, /upstream_id \[gone\]/],
  ['another id inside', 'PUT', 'routes/bad', { id: 'good', uri: '/x', plugins: {} }, /wrong id/],
  ['an id that is no word', 'PUT', 'routes/a b', { uri: '/x', plugins: {} }, /invalid id/],
  ['no JSON', 'PUT', 'routes/bad', '{', /JSON/i],
  ['a list', 'PUT', 'routes/bad', [], /no object/],
  ['a ttl that is no number', 'PUT', 'routes/bad?ttl=soon', { uri: '/x', plugins: {} }, /ttl/],
  ['a patch that would break it', 'PATCH', 'routes/patched', { uri: 5 }, /\/uri/],
  ['a block of everything', 'POST', 'block', {}, /stop everything/],
])('%s: 400 that says where, and nothing is written', async (_what, method, path, body, reason) => {
  await call('PUT', 'routes/patched', toEcho('/patched'));
  const before = await client.getAll().prefix('/apisix/').keys();
  expect(await call(method, path, body)).toMatchObject({
    status: 400,
    body: { error_msg: expect.stringMatching(reason) },
  });
  expect(await client.getAll().prefix('/apisix/').keys()).toEqual(before);
  expect(await client.get('/apisix/routes/patched').string()).toContain('"/patched"');
});

test.each([
  ['no key', ''],
  ['a wrong key', 'wrong'],
  ['the beginning of the key', key.slice(0, -1)],
])('%s: 401, and nothing is read or written', async (_what, wrong) => {
  for (const [method, path] of [
    ['GET', 'routes'],
    ['PUT', 'routes/x'],
    ['DELETE', 'routes/patched'],
    ['POST', 'block'],
  ] as const) {
    const body = method === 'PUT' || method === 'POST' ? toEcho('/x') : undefined;
    expect(await call(method, path, body, wrong)).toEqual({
      status: 401,
      body: { error_msg: 'failed to check token' },
    });
  }
});

test('it listens at the address that it was told, and so do traffic and status', async () => {
  for (const { port } of [admin, gateway.traffic, gateway.status]) {
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBeGreaterThan(0);
    await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow('fetch failed');
  }
});

test('PATCH merges objects, deletes by null, and replaces at a path', async () => {
  await call('PUT', 'routes/merge', { ...toEcho('/merge'), desc: 'old', labels: { a: '1', b: '2' } });
  await call('PATCH', 'routes/merge', { desc: null, labels: { b: null, c: '3' } });
  await call('PATCH', 'routes/merge/labels/d', JSON.stringify('4'));
  const { body } = await call('GET', 'routes/merge');
  expect((body as unknown as { value: object }).value).toMatchObject({
    uri: '/merge',
    labels: { a: '1', c: '3', d: '4' },
  });
  expect(JSON.stringify(body)).not.toMatch(/desc|"b"/);
});

test('twenty patches at once are all in the result', async () => {
  await call('PUT', 'routes/race', toEcho('/race'));
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      for (;;) {
        const { status } = await call('PATCH', 'routes/race', { labels: { [`l${index}`]: 'x' } });
        if (status !== 409) return status;
      }
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  const { body } = await call('GET', 'routes/race');
  expect(Object.keys((body as unknown as { value: { labels: object } }).value.labels)).toHaveLength(20);
});

test('an upstream cannot be deleted while a route names it, except by force', async () => {
  await call('PUT', 'upstreams/used', { nodes: { [echo.node]: 1 } });
  await call('PUT', 'routes/user', { uri: '/user', upstream_id: 'used' });
  expect(await call('DELETE', 'upstreams/used')).toMatchObject({
    status: 400,
    body: { error_msg: expect.stringMatching(/route \[user\]/) },
  });
  expect((await call('DELETE', 'upstreams/used?force=true')).status).toBe(200);
});

test('PATCH may give a ttl, and the object goes by itself', async () => {
  await call('PUT', 'routes/patched-brief', toEcho('/patched-brief'));
  await expect.poll(() => gateway.get('/patched-brief')).toBe('200 /patched-brief');
  expect((await call('PATCH', 'routes/patched-brief?ttl=soon', { desc: 'x' })).status).toBe(400);
  expect((await call('PATCH', 'routes/patched-brief?ttl=4', { desc: 'brief' })).status).toBe(200);
  await expect.poll(() => gateway.get('/patched-brief')).toMatch(/^404/);
});

test('with a ttl the object goes by itself', async () => {
  await call('PUT', 'routes/brief?ttl=4', toEcho('/brief'));
  await expect.poll(() => gateway.get('/brief')).toBe('200 /brief');
  await expect.poll(() => gateway.get('/brief')).toMatch(/^404/);
});

test.each<[string, object]>([
  ['its address', { uri: '/shop/*' }],
  ['host and address', { host: '127.0.0.1', uri: '/shop/*' }],
  ['its client', { remote_addr: '127.0.0.0/8', uri: '/shop/cart' }],
])(
  'a click blocks traffic by %s on every worker, the same click again changes nothing, and DELETE lifts it',
  async (_by, wish) => {
    await call('PUT', 'routes/shop', toEcho('/shop/*'));
    await expect.poll(() => gateway.get('/shop/cart')).toBe('200 /shop/cart');
    expect((await call('POST', 'block', wish)).status).toBe(201);
    expect((await call('POST', 'block', wish)).status).toBe(200);
    const answers = (): Promise<readonly string[]> =>
      Promise.all(Array.from({ length: 20 }, () => gateway.get('/shop/cart')));
    await expect.poll(async () => new Set(await answers())).toEqual(new Set(['403 {"error_msg":"blocked"}']));
    expect((await gateway.get('/shop2')).slice(0, 3)).toBe('404');
    expect((await call('DELETE', 'block', wish)).status).toBe(200);
    await expect.poll(async () => new Set(await answers())).toEqual(new Set(['200 /shop/cart']));
  },
);

test('a click stops traffic on every worker of every gateway of the group, and on no other group', async () => {
  await call('PUT', 'routes/shop', toEcho('/shop/*'));
  await client.put('/neighbours/routes/shop').value(JSON.stringify(toEcho('/shop/*')));
  await using sibling = await startGateway({ etcd: etcd.url, workers: 2 });
  await using neighbour = await startGateway({ etcd: etcd.url, prefix: '/neighbours' });
  await until(async () => (await sibling.ready()) && (await neighbour.ready()), 'all gateways are ready');
  const answers = async (asked: TestGateway): Promise<ReadonlySet<string>> =>
    new Set(
      (await Promise.all(Array.from({ length: 20 }, () => asked.get('/shop/cart')))).map((each) => each.slice(0, 3)),
    );
  expect(await answers(sibling)).toEqual(new Set(['200']));
  await call('POST', 'block', { uri: '/shop/*' });
  await expect.poll(() => answers(gateway)).toEqual(new Set(['403']));
  await expect.poll(() => answers(sibling)).toEqual(new Set(['403']));
  expect(await answers(neighbour)).toEqual(new Set(['200']));
  await call('DELETE', 'block', { uri: '/shop/*' });
  await expect.poll(() => answers(sibling)).toEqual(new Set(['200']));
});

test('a block with a ttl lifts itself', async () => {
  await call('PUT', 'routes/shop', toEcho('/shop/*'));
  await call('POST', 'block', { uri: '/shop/brief', ttl: 4 });
  await expect.poll(() => gateway.get('/shop/brief')).toMatch(/^403/);
  await expect.poll(() => gateway.get('/shop/brief')).toMatch(/^200/);
});

test('an encoded path is no way around a block', async () => {
  await call('PUT', 'routes/shop', toEcho('/shop/*'));
  await call('POST', 'block', { uri: '/shop/cart' });
  await expect.poll(() => gateway.get('/shop/cart')).toMatch(/^403/);
  expect(await gateway.get('/shop/%63art')).toMatch(/^403/);
  expect(await gateway.get('/shop//cart')).toMatch(/^403/);
  await call('DELETE', 'block', { uri: '/shop/cart' });
});

test('while etcd is away nothing is confirmed, and the last good configuration serves on', async () => {
  await call('PUT', 'routes/kept', toEcho('/kept'));
  await expect.poll(() => gateway.get('/kept')).toBe('200 /kept');
  process.kill(etcd.pid, 'SIGSTOP');
  const waiting = Promise.all([
    call('PUT', 'routes/unsure', toEcho('/unsure')),
    call('PUT', 'routes/unsure?ttl=60', toEcho('/unsure')),
    call('POST', 'routes', toEcho('/unsure')),
    call('PATCH', 'routes/kept', { desc: 'unsure' }),
    call('DELETE', 'routes/kept'),
    call('POST', 'block', { uri: '/unsure' }),
    call('DELETE', 'block', { uri: '/unsure' }),
    call('GET', 'routes/kept'),
  ]);
  expect(await gateway.get('/kept')).toBe('200 /kept');
  expect((await waiting).map(({ status }) => status)).toEqual(Array(8).fill(503));
  process.kill(etcd.pid, 'SIGCONT');
  await expect.poll(async () => (await call('PUT', 'routes/sure', toEcho('/sure'))).status).toBeLessThan(300);
  await expect.poll(() => gateway.get('/sure')).toBe('200 /sure');
});
