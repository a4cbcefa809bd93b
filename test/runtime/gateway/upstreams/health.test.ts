/** Nodes that fail are taken out of use and come back: by their answers (passive) and by probes (active). */
import { expect, test } from 'vitest';
import { bodies, countOf, startNamed } from '../../../support/named-servers.ts';
import { ask, nodeAt, startRawServer, startServer, until } from '../../../support/http.ts';
import { type TestProxy, startProxy } from '../../../support/proxy.ts';
import { freePort } from '../../../support/etcd.ts';

const passive = {
  unhealthy: { http_statuses: [500], http_failures: 2, tcp_failures: 1, timeouts: 1 },
  healthy: { http_statuses: [200], successes: 2 },
};
const active = {
  http_path: '/health',
  // Enough for a good node on a busy host.
  timeout: 2,
  healthy: { interval: 1, successes: 1 },
  unhealthy: { interval: 1, http_failures: 1, tcp_failures: 1, timeouts: 1 },
};

function at({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}

const within = { timeout: 30_000, interval: 20 };

/** These changes, in this order, and no others. */
function told(proxy: TestProxy, changes: readonly string[]): Promise<void> {
  return expect.poll(() => proxy.healthChanges(), within).toEqual(changes);
}

test('passive: a node with too many bad answers gets no more requests, and that is told once', async () => {
  await using good = await startNamed('good');
  await using bad = await startNamed('bad');
  bad.status = 500;
  await using proxy = await startProxy([good.node, bad.node], { upstream: { checks: { passive } } });
  const taken = await bodies(proxy.port, 20);
  expect(countOf(taken, '500')).toBe(2);
  await told(proxy, [`${at(bad.node)} unhealthy`]);
});

test.each([
  ['a refused connection', async () => nodeAt(await freePort())],
  ['a connection that is cut', async () => (await startRawServer((socket) => socket.destroy())).node],
])('passive: %s counts', async (_name, start) => {
  await using good = await startNamed('good');
  const node = await start();
  await using proxy = await startProxy([good.node, node], { upstream: { checks: { passive } } });
  expect(countOf(await bodies(proxy.port, 6), 'good')).toBe(6);
  await told(proxy, [`${at(node)} unhealthy`]);
});

test('passive: no answer in time counts', async () => {
  await using good = await startNamed('good');
  await using silent = await startRawServer(() => undefined);
  await using proxy = await startProxy([good.node, silent.node], {
    upstream: { checks: { passive }, timeout: { connect: 1, send: 1, read: 1 } },
  });
  expect((await bodies(proxy.port, 6)).toSorted()).toEqual(['504', ...Array<string>(5).fill('good')]);
});

test('passive: a client that goes away says nothing against the node', async () => {
  await using slow = await startNamed('slow');
  await using other = await startNamed('other');
  slow.delayMs = 200;
  await using proxy = await startProxy([slow.node, { ...other.node, weight: 0 }], {
    upstream: { checks: { passive } },
  });
  await expect(fetch(`http://127.0.0.1:${proxy.port}/`, { signal: AbortSignal.timeout(50) })).rejects.toThrow(
    'timeout',
  );
  expect(await bodies(proxy.port, 1)).toEqual(['slow']);
  expect(await proxy.metrics()).not.toContain('gateway_upstream_healthy{');
  expect(proxy.healthChanges()).toEqual([]);
});

test('all nodes unhealthy: all are used, for some may well serve', async () => {
  await using one = await startNamed('one');
  await using other = await startNamed('other');
  await using proxy = await startProxy([one.node, other.node], { upstream: { checks: { passive } } });
  one.status = other.status = 500;
  await bodies(proxy.port, 6);
  await expect.poll(() => proxy.healthChanges(), within).toHaveLength(2);
  one.status = other.status = 200;
  expect(new Set(await bodies(proxy.port, 6))).toEqual(new Set(['one', 'other']));
});

test('a new configuration that keeps a node keeps its health; one without checks brings it back', async () => {
  await using good = await startNamed('good');
  await using bad = await startNamed('bad');
  const upstream = { nodes: [good.node, bad.node], checks: { passive } };
  await using proxy = await startProxy([], { upstream });
  bad.status = 500;
  await bodies(proxy.port, 6);
  bad.status = 200;
  await proxy.put('routes/r', { uri: '/*', upstream: { ...upstream, retries: 1 } });
  expect(countOf(await bodies(proxy.port, 6), 'good')).toBe(6);
  await proxy.put('routes/r', { uri: '/*', upstream: { nodes: upstream.nodes } });
  expect(countOf(await bodies(proxy.port, 30), 'bad')).toBeGreaterThan(0);
  await told(proxy, [`${at(bad.node)} unhealthy`, `${at(bad.node)} healthy`]);
  expect(await proxy.metrics()).not.toContain(at(bad.node));
});

test('a node that leaves the configuration is told to be gone', async () => {
  await using good = await startNamed('good');
  await using bad = await startNamed('bad');
  const upstream = { nodes: [good.node, bad.node], checks: { passive } };
  await using proxy = await startProxy([], { upstream });
  bad.status = 500;
  await bodies(proxy.port, 6);
  expect(await proxy.metrics()).toContain(`gateway_upstream_healthy{upstream="routes/r",node="${at(bad.node)}"} 0`);
  await proxy.put('routes/r', { uri: '/*', upstream: { ...upstream, nodes: [good.node] } });
  expect(await proxy.metrics()).not.toContain(at(bad.node));
});

test('active: probes find a sick node and its recovery without a request', async () => {
  await using good = await startNamed('good');
  await using bad = await startNamed('bad');
  await using proxy = await startProxy([good.node, bad.node], { upstream: { checks: { active } } });
  expect(bad.probes).toEqual([]);
  await bodies(proxy.port, 1);
  await until(() => bad.probes.length > 0 && good.probes.length > 0, 'probes begin with the first request');
  bad.status = 503;
  await told(proxy, [`${at(bad.node)} unhealthy`]);
  expect(countOf(await bodies(proxy.port, 6), 'good')).toBe(6);
  bad.status = 200;
  await told(proxy, [`${at(bad.node)} unhealthy`, `${at(bad.node)} healthy`]);
});

test.each([
  ['tcp, nobody listens', { type: 'tcp' }, 'dead'],
  ['http, nobody listens', {}, 'dead'],
  ['http, no answer in time', {}, 'silent'],
])('active: %s', async (_name, more, kind) => {
  await using good = await startNamed('good');
  await using silent = await startRawServer(() => undefined);
  const node = kind === 'dead' ? nodeAt(await freePort()) : silent.node;
  await using proxy = await startProxy([good.node, node], { upstream: { checks: { active: { ...active, ...more } } } });
  // The balancer must not be the one who finds out.
  await ask(proxy.port);
  await told(proxy, [`${at(node)} unhealthy`]);
});

test('active: what a probe asks, and of which port', async () => {
  await using node = await startNamed('node');
  const lines: string[] = [];
  await using other = await startRawServer((socket) => {
    socket.on('data', (chunk) => {
      lines.push(...chunk.toString('latin1').split('\r\n'));
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
  });
  const asked = { port: other.port, host: 'inner.example.com', req_headers: ['X-Probe: yes, it is'] };
  await using proxy = await startProxy([node.node], { upstream: { checks: { active: { ...active, ...asked } } } });
  await ask(proxy.port);
  await until(() => lines.length > 0, 'a probe');
  expect(lines).toEqual(expect.arrayContaining(['GET /health HTTP/1.1', 'X-Probe: yes, it is']));
  expect(lines.map((line) => line.toLowerCase())).toContain('host: inner.example.com');
});

test('active: no more probes than may be under way at once', async () => {
  let open = 0;
  let most = 0;
  let ended = 0;
  await using server = await startServer((request, response) => {
    if (request.url !== '/health') return void response.end();
    most = Math.max(most, ++open);
    setTimeout(() => {
      open--;
      ended++;
      response.end();
    }, 200);
  });
  const nodes = ['127.0.0.1', 'localhost', '127.1', '0.0.0.0', '127.0.1'].map((host) => ({ ...server.node, host }));
  const checks = { active: { ...active, concurrency: 2 } };
  await using proxy = await startProxy([server.node, ...nodes], { upstream: { checks } });
  await ask(proxy.port);
  await until(() => ended >= 6, 'a probe of each');
  expect(most).toBe(2);
});

test.each([
  [
    'a node that is removed',
    (upstream: object, nodes: readonly object[]) => ({ ...upstream, nodes: nodes.slice(0, 1) }),
  ],
  ['an upstream without checks', (_upstream: object, nodes: readonly object[]) => ({ nodes })],
  ['an upstream that is deleted', () => undefined],
])('active: %s is probed no more, without a request', async (_name, change) => {
  await using stays = await startNamed('stays');
  await using leaves = await startNamed('leaves');
  await using measure = await startNamed('measure');
  const nodes = [stays.node, leaves.node];
  const upstream = { nodes, checks: { active } };
  await using proxy = await startProxy([stays.node], { upstream });
  await ask(proxy.port);
  await until(() => leaves.probes.length > 0, 'the first probe');
  const value = change(upstream, nodes);
  await proxy.put('routes/r', value === undefined ? undefined : { uri: '/*', upstream: value });
  // One more upstream, as the measure of the time that passes.
  await proxy.put('routes/s', { uri: '/s', upstream: { nodes: [measure.node], checks: { active } } });
  const before = leaves.probes.length;
  await ask(proxy.port, { path: '/s' });
  await until(() => measure.probes.length >= 3, 'two intervals');
  expect(leaves.probes.length - before).toBeLessThanOrEqual(1);
});

test('active: checks that are switched off and on again probe as before, neither not at all nor twice', async () => {
  // apache/apisix#13235: a lock that nobody gave back; #11760: checkers that nobody ended.
  await using node = await startNamed('node');
  await using measure = await startNamed('measure');
  const upstream = { nodes: [node.node], checks: { active } };
  await using proxy = await startProxy([], { upstream });
  for (let round = 0; round < 5; round++) {
    await ask(proxy.port);
    await proxy.put('routes/r', { uri: '/*', upstream: { nodes: [node.node] } });
    await proxy.put('routes/r', { uri: '/*', upstream });
  }
  await ask(proxy.port);
  await proxy.put('routes/s', { uri: '/s', upstream: { nodes: [measure.node], checks: { active } } });
  const before = node.probes.length;
  await ask(proxy.port, { path: '/s' });
  await until(() => measure.probes.length >= 4, 'three intervals');
  expect(node.probes.length - before).toBeGreaterThanOrEqual(2);
  expect(node.probes.length - before).toBeLessThanOrEqual(5);
});

test('nodes that come and go do not bring a dead one back into use', async () => {
  // apache/apisix#13582: while the checker was made anew the dead node was asked again.
  await using good = await startNamed('good');
  await using guest = await startNamed('guest');
  const dead = nodeAt(await freePort());
  const upstream = { nodes: [good.node, dead], checks: { active, passive }, retries: 0 };
  await using proxy = await startProxy([], { upstream });
  await bodies(proxy.port, 4);
  await told(proxy, [`${at(dead)} unhealthy`]);
  for (let round = 0; round < 6; round++) {
    const nodes = round % 2 === 0 ? [...upstream.nodes, guest.node] : upstream.nodes;
    await proxy.put('routes/r', { uri: '/*', upstream: { ...upstream, nodes } });
    expect(await bodies(proxy.port, 6)).not.toContain('502');
  }
});

test('active: updates that change nothing for the probes neither double nor starve them', async () => {
  await using node = await startNamed('node');
  const upstream = { nodes: [node.node], checks: { active } };
  await using proxy = await startProxy([], { upstream });
  const started = performance.now();
  for (let round = 0; node.probes.length < 3; round++) {
    await proxy.put('routes/r', { uri: '/*', upstream: { ...upstream, retries: round } });
    await ask(proxy.port);
    if (performance.now() - started > 30_000) throw new Error('the probes are starved');
  }
  expect(performance.now() - started).toBeGreaterThan(1_500);
});
