/** Nodes that have a name: asked for in the DNS, again after the TTL, and not on the way of a request. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { type DnsServer, startDns } from '../../../support/dns-server.ts';
import { bodies, countOf } from '../../../support/named-servers.ts';
import { ask, until } from '../../../support/http.ts';
import { type TestProxy, startProxy } from '../../../support/proxy.ts';

const name = 'shop.test';

interface Homes extends AsyncDisposable {
  readonly port: number;
}

/** One port on 127.0.0.1 to 127.0.0.3; each answers with the address that was reached. */
async function startHomes(): Promise<Homes> {
  const first = createServer((request, response) => response.end(request.socket.localAddress));
  first.listen(0, '127.0.0.1');
  await once(first, 'listening');
  const { port } = first.address() as AddressInfo;
  const servers = [first];
  for (const host of ['127.0.0.2', '127.0.0.3']) {
    const server = createServer((request, response) => response.end(request.socket.localAddress)).listen(port, host);
    await once(server, 'listening');
    servers.push(server);
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function proxyFor({ port }: Homes, { address }: DnsServer, upstream: object = {}): Promise<TestProxy> {
  return startProxy([{ host: name, port, weight: 1 }], { settings: { GATEWAY_DNS: address }, upstream });
}

test('several addresses are used in turn', async () => {
  await using homes = await startHomes();
  await using dns = await startDns(60);
  dns.records.set(name, ['127.0.0.1', '127.0.0.2']);
  await using proxy = await proxyFor(homes, dns);
  await ask(proxy.port);
  const taken = await bodies(proxy.port, 10);
  expect(countOf(taken, '127.0.0.1')).toBe(5);
  expect(countOf(taken, '127.0.0.2')).toBe(5);
  expect(dns.asked).toEqual([name]);
});

test('an address that cannot be reached is passed over', async () => {
  await using homes = await startHomes();
  await using dns = await startDns(60);
  dns.records.set(name, ['127.0.0.9', '127.0.0.2']);
  await using proxy = await proxyFor(homes, dns);
  expect(new Set(await bodies(proxy.port, 8))).toEqual(new Set(['127.0.0.2']));
});

test('a change is taken over after the TTL, also by connections that are kept alive', async () => {
  await using homes = await startHomes();
  await using dns = await startDns(1);
  dns.records.set(name, ['127.0.0.1']);
  await using proxy = await proxyFor(homes, dns);
  expect(await bodies(proxy.port, 2)).toEqual(['127.0.0.1', '127.0.0.1']);
  dns.records.set(name, ['127.0.0.2']);
  // Whoever asks once more has heard what he was told before.
  const asked = dns.asked.length;
  await until(() => dns.asked.length >= asked + 2, 'asked again in the background, and heard');
  expect(new Set(await bodies(proxy.port, 4))).toEqual(new Set(['127.0.0.2']));
});

test('no request waits for the DNS once the name is known; when it fails, the last good answer serves', async () => {
  await using homes = await startHomes();
  await using dns = await startDns(1);
  dns.records.set(name, ['127.0.0.1']);
  // A connection for each request: each needs an address.
  await using proxy = await proxyFor(homes, dns, { keepalive_pool: { idle_timeout: 0 } });
  await ask(proxy.port);
  dns.silent = true;
  await until(() => dns.asked.length >= 2, 'a question without an answer');
  const started = performance.now();
  const elapsedMs = (): number => performance.now() - started;
  // Its time is over in the middle of them.
  for (let answers = 0; answers <= 20 || elapsedMs() < 1_500; answers++) {
    expect(await ask(proxy.port)).toMatchObject({ status: 200 });
  }
  // Each would wait for two seconds and more.
  expect(elapsedMs()).toBeLessThan(20_000);
  dns.silent = false;
  dns.records.delete(name);
  const failures = dns.asked.length;
  await until(() => dns.asked.length > failures, 'told that there is no such name', 60_000);
  expect(await bodies(proxy.port, 3)).toEqual(Array(3).fill('127.0.0.1'));
});

test('a name that was not there is found as soon as it is', async () => {
  await using homes = await startHomes();
  await using dns = await startDns(60);
  await using proxy = await proxyFor(homes, dns);
  expect(await bodies(proxy.port, 1)).toEqual(['502']);
  dns.records.set(name, ['127.0.0.3']);
  await until(async () => (await ask(proxy.port)).body === '127.0.0.3', 'found');
});

test('many first requests ask once', async () => {
  await using homes = await startHomes();
  await using dns = await startDns(60);
  dns.records.set(name, ['127.0.0.1']);
  await using proxy = await proxyFor(homes, dns);
  await Promise.all(Array.from({ length: 10 }, () => ask(proxy.port)));
  expect(dns.asked).toEqual([name]);
});

test.each([50, 200, 1_000])('a DNS server that takes %i ms is waited for', async (delayMs) => {
  // Kong/kong#14249: seconds taken for milliseconds.
  await using homes = await startHomes();
  await using dns = await startDns(60);
  dns.records.set(name, ['127.0.0.2']);
  dns.delayMs = delayMs;
  await using proxy = await proxyFor(homes, dns, { timeout: { connect: 20, send: 20, read: 20 } });
  expect(await bodies(proxy.port, 2)).toEqual(['127.0.0.2', '127.0.0.2']);
});

test('a TTL of 0 does not mean a question for each request', async () => {
  await using homes = await startHomes();
  await using dns = await startDns(0);
  dns.records.set(name, ['127.0.0.1']);
  await using proxy = await proxyFor(homes, dns);
  const started = performance.now();
  await bodies(proxy.port, 50);
  // A second at least is what it is kept for, and after 0.8 of it it is asked for again.
  expect(dns.asked.length).toBeLessThanOrEqual(2 + (performance.now() - started) / 800);
});

test('a name of the hosts file', async () => {
  await using homes = await startHomes();
  await using proxy = await startProxy([{ host: 'localhost', port: homes.port, weight: 1 }]);
  expect(await bodies(proxy.port, 2)).toEqual(['127.0.0.1', '127.0.0.1']);
});
