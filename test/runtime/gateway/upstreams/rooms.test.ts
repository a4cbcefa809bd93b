/** Which nodes come first: those of a higher priority, those of the gateway's own room, those that are not full. */
import { expect, test } from 'vitest';
import { manualClock } from '../../../support/manual-clock.ts';
import { bodies, countOf, startNamed } from '../../../support/named-servers.ts';
import { ask, startProxy, until } from '../../../support/proxy.ts';

const east = { metadata: { room: 'east' } };
const west = { metadata: { room: 'west' } };
const passive = { unhealthy: { tcp_failures: 1 }, healthy: { successes: 1 } };

test('nodes of the own room take everything', async () => {
  await using own = await startNamed('own', east);
  await using other = await startNamed('other', west);
  await using roomless = await startNamed('roomless');
  await using proxy = await startProxy([other.node, own.node, roomless.node], { options: { room: 'east' } });
  expect(countOf(await bodies(proxy.port, 9), 'own')).toBe(9);
});

test.each([
  ['a gateway without a room', undefined],
  ['a gateway whose room has no node', 'north'],
])('%s uses all nodes alike', async (_name, room) => {
  await using one = await startNamed('one', east);
  await using other = await startNamed('other', west);
  await using proxy = await startProxy([one.node, other.node], { options: { room } });
  expect(countOf(await bodies(proxy.port, 10), 'one')).toBe(5);
});

test('the own room goes down: the other serves, and no request fails', async () => {
  await using own = await startNamed('own', east);
  await using other = await startNamed('other', west);
  await using proxy = await startProxy([own.node, other.node], {
    upstream: { checks: { passive } },
    options: { room: 'east' },
  });
  expect(new Set(await bodies(proxy.port, 5))).toEqual(new Set(['own']));
  await own.die();
  expect(new Set(await bodies(proxy.port, 10))).toEqual(new Set(['other']));
  await own.comeBack();
});

test('the own room comes back: its share grows from a tenth to all in 10 s, and never by a rush', async () => {
  await using own = await startNamed('own', east);
  await using other = await startNamed('other', west);
  const { clock, pass } = manualClock();
  await using proxy = await startProxy([own.node, other.node], {
    upstream: { checks: { passive } },
    options: { room: 'east', clock },
  });
  await own.die();
  await bodies(proxy.port, 3);
  await own.comeBack();
  // Health by requests alone lets it be tried again after half a minute.
  pass(30_000);
  const shares: number[] = [];
  for (let step = 0; step < 5; step++) {
    shares.push(countOf(await bodies(proxy.port, 40), 'own') / 40);
    pass(2_500);
  }
  for (const [index, expected] of [0.1, 0.325, 0.55, 0.775, 1].entries()) {
    expect(shares[index]).toBeGreaterThan(expected - 0.05);
    expect(shares[index]).toBeLessThan(expected + 0.05);
  }
});

test('within a room a node that comes back grows to its weight and not above', async () => {
  await using stays = await startNamed('stays');
  await using back = await startNamed('back');
  const { clock, pass } = manualClock();
  await using proxy = await startProxy([stays.node, back.node], {
    upstream: { checks: { passive } },
    options: { clock },
  });
  await back.die();
  await bodies(proxy.port, 4);
  await back.comeBack();
  pass(30_000);
  const shares: number[] = [];
  for (let step = 0; step < 6; step++) {
    shares.push(countOf(await bodies(proxy.port, 44), 'back') / 44);
    pass(2_500);
  }
  expect(shares[0]).toBeLessThan(0.15);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(0.5);
});

test('a full room spills over, and only what it cannot take', async () => {
  await using own = await startNamed('own', { metadata: { room: 'east', capacity: 2 } });
  await using other = await startNamed('other', west);
  own.delayMs = other.delayMs = 200;
  await using proxy = await startProxy([own.node, other.node], { options: { room: 'east' } });
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(proxy.port)));
  expect(answers.map(({ body }) => body).toSorted()).toEqual(['other', 'other', 'other', 'own', 'own']);
  own.delayMs = 0;
  expect(await bodies(proxy.port, 3)).toEqual(['own', 'own', 'own']);
});

test('every node full: 503, and none gets more than it can take', async () => {
  await using only = await startNamed('only', { metadata: { capacity: 1 } });
  only.delayMs = 300;
  await using proxy = await startProxy([only.node]);
  const first = ask(proxy.port);
  await until(() => only.seen.length === 1, 'the first is under way');
  expect(await ask(proxy.port)).toMatchObject({ status: 503 });
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
  await using proxy = await startProxy([near.node, far.node], { options: { room: 'east' } });
  expect(countOf(await bodies(proxy.port, 4), 'far')).toBe(4);
});
