import { Agent, get } from 'node:http';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CutProxy, startCutProxy } from '../../support/cut-proxy.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { type EchoUpstream, type TestGateway, routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { alive } from '../../support/processes.ts';

let etcd: TestEtcd;
let echo: EchoUpstream;
beforeAll(async () => {
  etcd = await startEtcd();
  echo = await startEcho();
  const client = new Etcd3({ hosts: etcd.url.origin });
  await client.put('/apisix/routes/a').value(routeTo(echo, '/a', 1));
  client.close();
});
afterAll(async () => {
  await echo[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

const within = { timeout: 60_000, interval: 20 };

async function readyGateway(options: Omit<Parameters<typeof startGateway>[0], 'etcd'> = {}): Promise<TestGateway> {
  const gateway = await startGateway({ etcd: etcd.url, ...options });
  // Its test has no hold of it yet: one that does not get ready must not stay and slow all the others down.
  await using undo = new AsyncDisposableStack();
  undo.use(gateway);
  await expect.poll(() => gateway.ready(), within).toBe(true);
  undo.move();
  return gateway;
}

async function workerOf(gateway: TestGateway): Promise<string> {
  const answer = await fetch(new URL('/a', gateway.traffic), { headers: { connection: 'close' } });
  expect(answer.status).toBe(200);
  return answer.headers.get('x-gateway-worker') ?? 'unnamed';
}

test('fresh connections reach every worker, each under its own name', async () => {
  await using gateway = await readyGateway({ workers: 2 });
  const seen = new Set<string>();
  await expect.poll(async () => seen.add(await workerOf(gateway)).size, within).toBe(2);
  expect(seen).toEqual(new Set((await gateway.workers()).map(({ id }) => String(id))));
});

test('a replaced worker takes no request before it has the configuration, however long etcd is away', async () => {
  await using proxy: CutProxy = await startCutProxy(etcd.url);
  await using gateway = await startGateway({ etcd: proxy.url, workers: 2 });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  proxy.refuse(true);
  proxy.cut();
  const [victim, survivor] = await gateway.workers();
  process.kill(victim?.pid ?? -1, 'SIGKILL');
  await expect.poll(async () => (await gateway.workers()).some(({ id }) => id > 2), within).toBe(true);
  for (let asked = 0; asked < 20; asked++) expect(await workerOf(gateway)).toBe(String(survivor?.id));
  expect(await gateway.ready()).toBe(false);
  proxy.refuse(false);
  await expect.poll(() => gateway.ready(), within).toBe(true);
  await expect.poll(() => workerOf(gateway), within).not.toBe(String(survivor?.id));
});

test('workers do not outlive a master that is killed', async () => {
  await using gateway = await readyGateway({ workers: 2 });
  const pids = (await gateway.workers()).map(({ pid }) => pid);
  expect(pids.map(alive)).toEqual([true, true]);
  process.kill(gateway.pid, 'SIGKILL');
  await expect.poll(() => pids.map(alive), within).toEqual([false, false]);
});

test('SIGTERM to the whole process group, as from a terminal or supervisor, lets a request in flight finish', async () => {
  const arrived = Promise.withResolvers<() => void>();
  await using slow = await startEcho();
  slow.server
    .removeAllListeners('request')
    .on('request', (_request, response) => arrived.resolve(() => response.end('finished')));
  const client = new Etcd3({ hosts: etcd.url.origin });
  await client.put('/slow/routes/a').value(routeTo(slow, '/slow', 1));
  client.close();
  await using gateway = await readyGateway({ workers: 2, prefix: '/slow', ownGroup: true });
  const pids = (await gateway.workers()).map(({ pid }) => pid);
  const answer = gateway.get('/slow');
  const release = await arrived.promise;
  process.kill(-gateway.pid, 'SIGTERM');
  await expect.poll(() => pids.filter(alive).length, within).toBe(1);
  release();
  expect(await answer).toBe('200 finished');
  expect(await gateway.exited).toBe(0);
  expect(pids.map(alive)).toEqual([false, false]);
});

test('SIGTERM ends busy keep-alive connections between two requests', async () => {
  await using gateway = await readyGateway({ workers: 1 });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let closing = 0;
  const ask = async (): Promise<string> =>
    new Promise((resolve) => {
      const request = get(new URL('/a', gateway.traffic), { agent }, (answer) => {
        let body = '';
        if (answer.headers.connection === 'close') closing++;
        answer.setEncoding('utf8').on('data', (chunk) => (body += String(chunk)));
        answer.on('end', () => resolve(body)).on('error', () => resolve('cut off'));
      }).on('error', ({ code }: NodeJS.ErrnoException) => resolve(request.reusedSocket ? `kept ${code}` : `${code}`));
    });
  const answers: string[] = [];
  const loops = Array.from({ length: 8 }, async () => {
    for (let answer = ''; answer !== 'ECONNREFUSED'; answers.push(answer)) answer = await ask();
  });
  await expect.poll(() => answers.length, within).toBeGreaterThan(50);
  process.kill(gateway.pid, 'SIGTERM');
  await Promise.all(loops);
  expect(await gateway.exited).toBe(0);
  // A new connection may come to a listener that is being closed; one that was kept must not be.
  expect([...new Set(answers)].filter((answer) => !/^(\/seq\/1|ECONNREFUSED|ECONNRESET)$/.test(answer))).toEqual([]);
  // A busy client is told to go; else it would be served until the deadline and then be cut off.
  expect(closing).toBeGreaterThan(0);
  agent.destroy();
});

test('a second gateway on the same address is refused, although the first shares it among its workers', async () => {
  await using first = await readyGateway({ workers: 2 });
  await using second = await startGateway({ etcd: etcd.url, listen: first.traffic });
  expect(await second.exited).toBe(3);
  const lines = second.log().trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`GATEWAY_LISTEN: the address ${first.traffic.host} is taken`);
  expect(await first.ready()).toBe(true);
});

test('the metrics of all workers are on one page', async () => {
  await using gateway = await readyGateway({ workers: 2 });
  await workerOf(gateway);
  const page = await gateway.metrics();
  const [{ revision } = { revision: '' }] = await gateway.workers();
  for (const line of [
    `gateway_config_revision{worker="1"} ${revision}`,
    `gateway_config_revision{worker="2"} ${revision}`,
    'gateway_sync_state{worker="2",state="watching"} 1',
    'gateway_config_relists_total 2',
    'gateway_responses_total{status="200"} 1',
  ]) {
    expect(page).toContain(line);
  }
  const applied = Number(/^gateway_config_apply_seconds_count (\d+)$/m.exec(page)?.[1]);
  expect(applied).toBeGreaterThan(1);
  expect(page).toMatch(/^gateway_config_apply_seconds_bucket\{le="0.1"\} \d+$/m);
  expect(page).toMatch(/^gateway_nodejs_eventloop_lag_p99_seconds /m);
});
