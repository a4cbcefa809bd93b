/** What stays between the two ends although the link is between them: keepalive, flow control, TLS, counters. */
import { Agent, request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { createAuthority } from '../../support/certificate.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { linkClients } from '../../support/link-clients.ts';
import { startLinkedEtcd, watchPrefix } from '../../support/link.ts';

const within = { timeout: 30_000, interval: 10 };
const pinging = { 'grpc.keepalive_time_ms': 200, 'grpc.keepalive_timeout_ms': 2_000 };

test('a paused etcd is noticed by keepalive through the link as it is without it', async () => {
  await using world = await startLinkedEtcd({ etcd: { args: ['--grpc-keepalive-min-time=10ms'] } });
  using linked = watchPrefix(world.link.address, '/pause/', 0, pinging);
  using direct = watchPrefix(world.etcd.url, '/pause/', 0, pinging);
  await expect.poll(() => [linked.created, direct.created], within).toEqual([1, 1]);
  // While etcd answers, pings end nothing.
  await expect.poll(async () => (await world.link.counters()).grpc.pings, within).toBeGreaterThan(4);
  expect([linked.ended, direct.ended]).toEqual([undefined, undefined]);
  process.kill(world.etcd.pid, 'SIGSTOP');
  try {
    await expect.poll(() => [linked.ended, direct.ended], within).toEqual([14, 14]);
  } finally {
    process.kill(world.etcd.pid, 'SIGCONT');
  }
});

test('a held watch does not use up the window that it shares with the calls beside it', async () => {
  await using world = await startLinkedEtcd();
  const { link, direct } = world;
  using watch = watchPrefix(link.address, '/held/');
  await expect.poll(() => watch.created, within).toBe(1);
  await link.inject({ kind: 'watch.stall', mode: 'hold' }, 1);
  // More than the whole window of a connection, several times, then as much again once it flows.
  const keys = Array.from({ length: 10 }, (_, index) => `/held/${index}`);
  for (const key of keys) await direct.put(key).value('x'.repeat(100_000));
  await expect.poll(async () => (await link.counters()).faults[0]?.bytes, within).toBeGreaterThan(1_000_000);
  expect(watch.keys).toEqual([]);
  await link.heal();
  for (const key of keys) await direct.put(`${key}/after`).value('x'.repeat(100_000));
  await expect.poll(() => watch.keys, within).toEqual([...keys, ...keys.map((key) => `${key}/after`)]);
});

test('TLS towards etcd, in both protocols', async () => {
  using authority = createAuthority();
  const { certFile, keyFile } = authority.issue('127.0.0.1');
  await using world = await startLinkedEtcd({
    etcd: { tls: { certFile, keyFile } },
    tls: { upstreamCa: authority.caFile },
  });
  for (const client of linkClients) {
    using watch = client.watch(world.link.address, '/tls/');
    await expect.poll(() => watch.created, within).toBe(1);
    expect((await client.range(world.link.address, '/tls/')).how).toBe('ok');
  }
});

test('TLS towards the gateway, in both protocols, and a reset beneath it', async () => {
  using authority = createAuthority();
  const { certFile, keyFile } = authority.issue('127.0.0.1');
  await using world = await startLinkedEtcd({ tls: { cert: certFile, key: keyFile } });
  const { link } = world;
  const grpc = new Etcd3({ hosts: link.address.origin, credentials: { rootCertificate: Buffer.from(authority.ca) } });
  await grpc.put('/tls/a').value('v');
  expect(await grpc.get('/tls/a').string()).toBe('v');
  const watch = request(new URL('/v3/watch', link.address), { method: 'POST', agent: false, ca: authority.ca });
  const ended = new Promise<string>((resolve) => watch.once('error', ({ message }) => resolve(message)));
  const lines: string[] = [];
  watch.on('response', (response) => {
    response.on('error', () => undefined).on('data', (line: Buffer) => lines.push(line.toString()));
  });
  watch.end(JSON.stringify({ create_request: prefixRange('/tls/') }));
  await expect.poll(() => lines.length, within).toBe(1);
  await grpc.put('/tls/b').value('v');
  await expect.poll(() => lines.length, within).toBe(2);
  await link.inject({ kind: 'link.reset' }, 1);
  expect(await ended).toContain('ECONNRESET');
  grpc.close();
});

test('of several connections and streams the chosen ones are hit, in both protocols', async () => {
  await using world = await startLinkedEtcd();
  const { link, direct } = world;
  for (const client of linkClients) {
    const open = async (count: number) => {
      const watches = [];
      for (let index = 0; index < count; index++) {
        const watch = client.watch(link.address, '/aim/');
        await expect.poll(() => watch.created, within).toBe(1);
        watches.push(watch);
      }
      return watches;
    };
    const four = await open(4);
    await link.inject({ kind: 'watch.cut', connection: 2 }, 1);
    await expect.poll(() => four[1]?.ended, within).toBeDefined();
    await link.heal();
    const rest = [four[0], four[2], four[3], ...(await open(1))];
    await link.inject({ kind: 'watch.stall', mode: 'dead', share: 0.5 }, 7);
    await direct.put('/aim/a').value('v');
    await expect.poll(() => rest.filter((watch) => watch?.keys.length === 1).length, within).toBe(2);
    expect((await link.counters()).faults[0]?.hits).toBe(2);
    expect(rest.map((watch) => watch?.ended)).toEqual([undefined, undefined, undefined, undefined]);
    for (const watch of [...four, ...rest]) watch?.[Symbol.dispose]();
    await link.heal();
    await expect.poll(async () => (await link.counters())[client.protocol].watchesOpen, within).toBe(0);
  }
});

test('what passes is counted, by protocol', async () => {
  await using world = await startLinkedEtcd();
  const { link, linked } = world;
  await linked.put('/count/a').value('v');
  await linked.get('/count/a').string();
  using watch = openJsonWatch(link.address, [{ create_request: prefixRange('/count/') }]);
  await expect.poll(() => watch.lines.length, within).toBe(1);
  await linked.put('/count/b').value('v');
  await expect.poll(() => watch.lines.length, within).toBe(2);
  const put = { key: Buffer.from('/count/c').toString('base64'), value: '' };
  for (const [path, body] of [
    ['/v3/kv/put', put],
    ['/v3/auth/status', {}],
  ] as const) {
    await (await fetch(new URL(path, link.address), { method: 'POST', body: JSON.stringify(body) })).text();
  }
  await expect.poll(() => watch.lines.length, within).toBe(3);
  const { grpc, json } = await link.counters();
  expect(grpc).toMatchObject({ connections: 1, writes: 2, ranges: 1, unaryCalls: 3, unaryFailed: 0, watchesOpen: 0 });
  expect(grpc.rangeBytes).toBeGreaterThan(20);
  expect(json).toMatchObject({ writes: 1, authCalls: 1, watchesCreated: 1, watchesOpen: 1, watchEvents: 2, ranges: 0 });
  expect(json.watchBytes).toBeGreaterThan(300);
});

test('an http/1.1 connection carries one call after the other, and a fault looks at each for itself', async () => {
  await using world = await startLinkedEtcd();
  const { link } = world;
  await link.inject({ kind: 'watch.answer', with: 'http-503' }, 1);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (path: string, body: object): Promise<number> =>
    new Promise((resolve, reject) => {
      const call = plainRequest(new URL(path, link.address), { method: 'POST', agent }).on('error', reject);
      call.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)));
      call.end(JSON.stringify(body));
    });
  const { key } = prefixRange('/pool/');
  const statuses = [];
  for (const path of ['/v3/kv/range', '/v3/watch', '/v3/kv/range']) statuses.push(await post(path, { key }));
  expect(statuses).toEqual([200, 503, 200]);
  expect((await link.counters()).json.connections).toBe(1);
  await world.etcd.restart('keep');
  await expect.poll(async () => (await link.counters()).json.connectionsOpen, within).toBe(0);
});
