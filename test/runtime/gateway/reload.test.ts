/** Reload and light-mixing migration: under load, not one request fails. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { type EchoUpstream, type TestGateway, routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { ask, until } from '../../support/http.ts';

let etcd: TestEtcd;
let echo: EchoUpstream;
let client: Etcd3;
let folder: string;

beforeAll(async () => {
  etcd = await startEtcd();
  echo = await startEcho();
  client = new Etcd3({ hosts: etcd.url.origin });
  folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-static-'));
  await client.put('/apisix/routes/dynamic').value(routeTo(echo, '/dynamic', 1));
});

afterAll(async () => {
  client.close();
  await echo[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Asks again and again, each time on a connection of its own, until stopped; every different answer with its count. */
function asking(gateway: TestGateway, host: string, target: string): () => Promise<ReadonlyMap<string, number>> {
  const answers = new Map<string, number>();
  const stop = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const answer = await ask(Number(gateway.traffic.port), { path: target, headers: { host } }).then(
        ({ status, body }) => `${status} ${body}`,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      );
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  const loops = Array.from({ length: 8 }, loop);
  return async () => {
    stop.abort();
    await Promise.all(loops);
    return answers;
  };
}

async function ids(gateway: TestGateway): Promise<readonly number[]> {
  return (await gateway.workers()).map(({ id }) => id);
}

async function reloaded(gateway: TestGateway): Promise<void> {
  const before = await ids(gateway);
  process.kill(gateway.pid, 'SIGHUP');
  await until(async () => {
    const now = await ids(gateway);
    return now.length === before.length && now.every((id) => !before.includes(id)) && (await gateway.ready());
  }, 'every worker is a new one');
}

function writeStatic(name: string, servers: readonly object[] | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof servers === 'string' ? servers : JSON.stringify({ servers }));
  return file;
}

function server(host: string, seq: number): object {
  const { uri, ...rest } = JSON.parse(routeTo(echo, '/*', seq)) as { readonly uri: string };
  return { hosts: [host], locations: [{ uri, ...rest }] };
}

test('a reload replaces every worker under load, and not one request fails', async () => {
  await using gateway = await startGateway({ etcd: etcd.url, workers: 2 });
  await until(() => gateway.ready(), 'the gateway is ready');
  const stop = asking(gateway, 'h', '/dynamic');
  await reloaded(gateway);
  await reloaded(gateway);
  const answers = await stop();
  expect([...answers.keys()]).toEqual(['200 /seq/1']);
  expect(answers.get('200 /seq/1')).toBeGreaterThan(50);
});

test('a static host is answered first and in full, an unknown one from etcd', async () => {
  const file = writeStatic('first.json', [server('static.example.com', 7)]);
  await using gateway = await startGateway({ etcd: etcd.url, env: { GATEWAY_STATIC_CONFIG: file } });
  await until(() => gateway.ready(), 'the gateway is ready');
  const get = async (host: string, target: string): Promise<string> => {
    const { status, body } = await ask(Number(gateway.traffic.port), { path: target, headers: { host } });
    return `${status} ${body}`;
  };
  expect(await get('static.example.com', '/dynamic')).toBe('200 /seq/7');
  expect(await get('other.example.com', '/dynamic')).toBe('200 /seq/1');
  expect(await get('other.example.com', '/nowhere')).toMatch(/^404/);
});

test('a host moves from the static configuration to etcd and back without one failed request', async () => {
  const file = writeStatic('moving.json', [server('moving.example.com', 10), server('staying.example.com', 11)]);
  await using gateway = await startGateway({ etcd: etcd.url, workers: 2, env: { GATEWAY_STATIC_CONFIG: file } });
  await until(() => gateway.ready(), 'the gateway is ready');
  const route = { ...(JSON.parse(routeTo(echo, '/*', 20)) as object), host: 'moving.example.com' };
  await client.put('/apisix/routes/moved').value(JSON.stringify(route));
  const stops = ['moving.example.com', 'staying.example.com'].map((host) => asking(gateway, host, '/x'));
  writeStatic('moving.json', [server('staying.example.com', 11)]);
  await reloaded(gateway);
  writeStatic('moving.json', [server('moving.example.com', 10), server('staying.example.com', 11)]);
  await reloaded(gateway);
  const [moving, staying] = await Promise.all(stops.map((stop) => stop()));
  expect(new Set(moving?.keys())).toEqual(new Set(['200 /seq/10', '200 /seq/20']));
  expect([...(staying ?? new Map()).keys()]).toEqual(['200 /seq/11']);
});

test.each<[string, readonly object[] | string, RegExp]>([
  ['no JSON', '{', /no JSON/],
  ['a location without an upstream', [{ hosts: ['a'], locations: [{ uri: '/' }] }], /\/servers\/0\/locations\/0/],
  ['an unknown field', [{ hosts: ['a'], locations: [{ uri: '/', plugins: {} }], surprise: 1 }], /surprise/],
  ['null', [{ hosts: null, locations: [] }], /hosts/],
])('a static configuration with %s: the gateway says where and does not start', async (_what, servers, reason) => {
  const file = writeStatic('bad.json', servers);
  await using gateway = await startGateway({ etcd: etcd.url, env: { GATEWAY_STATIC_CONFIG: file } });
  expect(await gateway.exited).not.toBe(0);
  expect(gateway.log()).toMatch(reason);
  expect(gateway.log()).toContain(file);
});

test('a reload with a broken static configuration keeps the old workers serving', async () => {
  const file = writeStatic('breaking.json', [server('kept.example.com', 30)]);
  await using gateway = await startGateway({ etcd: etcd.url, workers: 2, env: { GATEWAY_STATIC_CONFIG: file } });
  await until(() => gateway.ready(), 'the gateway is ready');
  const before = await ids(gateway);
  const stop = asking(gateway, 'kept.example.com', '/x');
  writeStatic('breaking.json', 'not json');
  process.kill(gateway.pid, 'SIGHUP');
  await until(() => gateway.log().includes('reload given up'), 'the reload is given up');
  expect([...(await stop()).keys()]).toEqual(['200 /seq/30']);
  expect(await ids(gateway)).toEqual(before);
});
