/** Workers that are told to go: what is under way is finished, however long it takes within the time they are given. */
import { Agent, get } from 'node:http';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { type EchoUpstream, type TestGateway, routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { type TestServer, ask, startServer, until } from '../../support/http.ts';
import { alive } from '../../support/processes.ts';

let etcd: TestEtcd;
let client: Etcd3;
let echo: EchoUpstream;

beforeAll(async () => {
  etcd = await startEtcd();
  echo = await startEcho();
  client = new Etcd3({ hosts: etcd.url.origin });
});

afterAll(async () => {
  client.close();
  await echo[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

interface Slow extends TestServer {
  /** Resolves when it has begun its answer, with what ends it. */
  readonly begun: Promise<() => void>;
}

/** Begins to answer at once, and ends when it is told to. */
async function startSlow(): Promise<Slow> {
  const { promise, resolve } = Promise.withResolvers<() => void>();
  const server = await startServer((_request, response) => {
    response.write('begun ');
    resolve(() => response.end('ended'));
  });
  return { ...server, begun: promise };
}

async function gatewayTo(
  { node }: Slow,
  prefix: string,
  env: Readonly<Record<string, string>> = {},
): Promise<TestGateway> {
  await client.put(`${prefix}/routes/a`).value(JSON.stringify({ uri: '/*', upstream: { nodes: [node] } }));
  const gateway = await startGateway({ etcd: etcd.url, prefix, env });
  // Its test has no hold of it yet: one that does not get ready must not stay and slow all the others down.
  await using undo = new AsyncDisposableStack();
  undo.use(gateway);
  await until(() => gateway.ready(), 'the gateway is ready');
  undo.move();
  return gateway;
}

/** An answer may take this long; a worker was once cut off before. Milliseconds. */
const longMs = 9_000;

test.each(['SIGHUP', 'SIGTERM'] as const)('%s: an answer of several seconds arrives whole', async (signal) => {
  await using slow = await startSlow();
  await using gateway = await gatewayTo(slow, `/whole-${signal}`);
  const [old] = await gateway.workers();
  const answer = ask(Number(gateway.traffic.port));
  const end = await slow.begun;
  process.kill(gateway.pid, signal);
  setTimeout(end, longMs);
  expect(await answer).toMatchObject({ status: 200, body: 'begun ended' });
  await expect.poll(() => alive(old?.pid ?? -1)).toBe(false);
  if (signal === 'SIGTERM') expect(await gateway.exited).toBe(0);
  else expect(await gateway.ready()).toBe(true);
});

test('an answer that does not end is cut off after GATEWAY_DRAIN_MS, and the gateway ends', async () => {
  await using slow = await startSlow();
  await using gateway = await gatewayTo(slow, '/cut', { GATEWAY_DRAIN_MS: '1000' });
  const answer = ask(Number(gateway.traffic.port)).catch(() => 'cut off');
  await slow.begun;
  process.kill(gateway.pid, 'SIGTERM');
  expect(await answer).toBe('cut off');
  expect(await gateway.exited).toBe(0);
});

test('a worker that is still finishing after one reload is not replaced again by the next', async () => {
  await using slow = await startSlow();
  await using gateway = await gatewayTo(slow, '/twice');
  const [old] = await gateway.workers();
  const answer = ask(Number(gateway.traffic.port));
  const end = await slow.begun;
  for (const times of [1, 2]) {
    process.kill(gateway.pid, 'SIGHUP');
    await until(() => gateway.log().split('"msg":"reloaded"').length > times, `reloaded ${times} times`);
  }
  expect(gateway.log().match(/"workers":\d+,"msg":"reloading/g)).toEqual(Array(2).fill('"workers":1,"msg":"reloading'));
  expect(alive(old?.pid ?? -1)).toBe(true);
  end();
  expect(await answer).toMatchObject({ status: 200, body: 'begun ended' });
  await until(async () => (await gateway.workers()).length === 1, 'one worker is left');
});

test('a reload under load on connections that are kept: not one request fails', async () => {
  await client.put('/kept/routes/a').value(routeTo(echo, '/a', 1));
  await using gateway = await startGateway({ etcd: etcd.url, prefix: '/kept', workers: 2 });
  await until(() => gateway.ready(), 'the gateway is ready');
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const answers = new Map<string, number>();
  const workers = new Set<string>();
  const request = (): Promise<string> =>
    new Promise((resolve) => {
      get(new URL('/a', gateway.traffic), { agent }, (answer) => {
        let body = '';
        workers.add(String(answer.headers['x-gateway-worker']));
        answer.setEncoding('utf8').on('data', (chunk) => (body += String(chunk)));
        answer.on('end', () => resolve(`${answer.statusCode} ${body}`)).on('error', () => resolve('cut off'));
      }).on('error', ({ code }: NodeJS.ErrnoException) => resolve(`${code}`));
    });
  const stop = new AbortController();
  const loops = Array.from({ length: 8 }, async () => {
    while (!stop.signal.aborted) {
      const answer = await request();
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  });
  await until(() => workers.size === 2, 'both workers answer');
  process.kill(gateway.pid, 'SIGHUP');
  await until(() => workers.size === 4, 'both new workers answer');
  await until(async () => (await gateway.workers()).length === 2, 'the old workers have gone');
  stop.abort();
  await Promise.all(loops);
  agent.destroy();
  expect([...answers.keys()]).toEqual(['200 /seq/1']);
});
