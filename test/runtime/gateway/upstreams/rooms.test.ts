/** Which nodes come first: those of a higher priority, those of the gateway's own room, those that are not full. */
import { expect, test } from 'vitest';
import { bodies, countOf, startNamed } from '../../../support/named-servers.ts';
import { ask, until } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';

const east = { metadata: { room: 'east' } };
const west = { metadata: { room: 'west' } };
const inEast = { GATEWAY_ROOM: 'east' };
const passive = { unhealthy: { tcp_failures: 1 }, healthy: { successes: 1 } };

test('nodes of the own room take everything', async () => {
  await using own = await startNamed('own', east);
  await using other = await startNamed('other', west);
  await using roomless = await startNamed('roomless');
  await using proxy = await startProxy([other.node, own.node, roomless.node], { settings: inEast });
  expect(countOf(await bodies(proxy.port, 9), 'own')).toBe(9);
});

test.each([
  ['a gateway without a room', {}],
  ['a gateway whose room has no node', { GATEWAY_ROOM: 'north' }],
])('%s uses all nodes alike', async (_name, settings) => {
  await using one = await startNamed('one', east);
  await using other = await startNamed('other', west);
  await using proxy = await startProxy([one.node, other.node], { settings });
  expect(countOf(await bodies(proxy.port, 10), 'one')).toBe(5);
});

test('the own room goes down: the other serves, and no request fails', async () => {
  await using own = await startNamed('own', east);
  await using other = await startNamed('other', west);
  await using proxy = await startProxy([own.node, other.node], {
    upstream: { checks: { passive } },
    settings: inEast,
  });
  expect(new Set(await bodies(proxy.port, 5))).toEqual(new Set(['own']));
  await own.die();
  expect(new Set(await bodies(proxy.port, 10))).toEqual(new Set(['other']));
  await own.comeBack();
});

test('the own room comes back: its share grows within ten seconds, and never by a rush', async () => {
  await using own = await startNamed('own', east);
  await using other = await startNamed('other', west);
  const active = {
    http_path: '/health',
    healthy: { interval: 1, successes: 1 },
    unhealthy: { interval: 1, tcp_failures: 1 },
  };
  await using proxy = await startProxy([own.node, other.node], {
    upstream: { checks: { active, passive } },
    settings: inEast,
  });
  await own.die();
  expect(new Set(await bodies(proxy.port, 3))).toEqual(new Set(['other']));
  await own.comeBack();
  // Nobody asks while the node is found well: the first requests are those of the moment.
  await until(() => proxy.healthChanges().length === 2, 'found sick and well');
  const began = performance.now();
  const share = async (): Promise<number> => countOf(await bodies(proxy.port, 40), 'own') / 40;
  expect(await share()).toBeLessThan(0.4);
  let taken = 0;
  await until(async () => (taken = await share()) > 0.4, 'grown to nearly half');
  expect(taken).toBeLessThan(0.8);
  await expect.poll(share, { timeout: 30_000, interval: 50 }).toBe(1);
  expect(performance.now() - began).toBeGreaterThan(8_000);
});

test('a full room spills over, and only what it cannot take', async () => {
  await using own = await startNamed('own', { metadata: { room: 'east', capacity: 2 } });
  await using other = await startNamed('other', west);
  await using proxy = await startProxy([own.node, other.node], { settings: inEast });
  const release = [own.hold(), other.hold()];
  const asked = Promise.all(Array.from({ length: 5 }, () => ask(proxy.port)));
  await until(() => own.seen.length + other.seen.length === 5, 'all are under way');
  for (const each of release) each();
  const answers = await asked;
  expect(answers.map(({ body }) => body).toSorted()).toEqual(['other', 'other', 'other', 'own', 'own']);
  expect(await bodies(proxy.port, 3)).toEqual(['own', 'own', 'own']);
});

test('every node full: 503, and none gets more than it can take', async () => {
  await using only = await startNamed('only', { metadata: { capacity: 1 } });
  await using proxy = await startProxy([only.node]);
  const release = only.hold();
  const first = ask(proxy.port);
  await until(() => only.seen.length === 1, 'the first is under way');
  expect(await ask(proxy.port)).toMatchObject({ status: 503 });
  release();
  expect(await first).toMatchObject({ status: 200 });
  expect(only.seen).toHaveLength(1);
});

test('a lower priority serves only when no node of a higher one may be used', async () => {
  await using high = await startNamed('high', { priority: 0 });
  await using low = await startNamed('low', { priority: -1 });
  await using proxy = await startProxy([low.node, high.node], { upstream: { checks: { passive } } });
  expect(countOf(await bodies(proxy.port, 6), 'high')).toBe(6);
  await high.die();
  expect(countOf(await bodies(proxy.port, 6), 'low')).toBe(6);
  await high.comeBack();
});

test('priority comes before the room', async () => {
  await using far = await startNamed('far', { ...west, priority: 1 });
  await using near = await startNamed('near', east);
  await using proxy = await startProxy([near.node, far.node], { settings: inEast });
  expect(countOf(await bodies(proxy.port, 4), 'far')).toBe(4);
});
