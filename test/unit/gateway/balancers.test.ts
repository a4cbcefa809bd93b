/** How each balancer chooses. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Node, Upstream } from '../../../gateway/config/config-objects.ts';
import type { LiveNode } from '../../../gateway/upstream/live-node.ts';
import { UpstreamState } from '../../../gateway/upstream/upstream-state.ts';
import { request, upstream } from './route.ts';

const asked = (key = ''): Parameters<UpstreamState['pick']>[0] => ({
  ...request('GET', 'h', '/', { arg_key: key, remote_addr: '127.0.0.1', cookie_c: key }),
  header: () => key,
  expand: (text) => text.replace('$key', key),
});

interface World {
  readonly state: UpstreamState;
  /** Milliseconds. */
  now: number;
}

function world(nodes: readonly Partial<Node>[], wishes: Partial<Upstream> = {}, room?: string): World {
  const made = { now: 0 } as { now: number; state: UpstreamState };
  made.state = new UpstreamState(upstreamOf(nodes, wishes), {
    room,
    onHealthChange: () => undefined,
    now: () => made.now,
  });
  return made;
}

function upstreamOf(nodes: readonly Partial<Node>[], wishes: Partial<Upstream> = {}): Upstream {
  const plain = { host: 'n', port: 1, weight: 1, priority: 0, room: undefined, capacity: undefined };
  return { ...upstream, nodes: nodes.map((node, index) => ({ ...plain, port: index + 1, ...node })), ...wishes };
}

function shares(picks: readonly (LiveNode | undefined)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const live of picks) counts[live?.node.port ?? 0] = (counts[live?.node.port ?? 0] ?? 0) + 1;
  return counts;
}

const byKey = { type: 'chash', hash: { on: 'vars', key: 'arg_key' } } as const;
const keys = Array.from({ length: 4_000 }, (_, index) => `key-${index}`);

test('chash: the same key to the same node, shares after the weights', () => {
  const { state } = world([{ weight: 1 }, { weight: 1 }, { weight: 2 }], byKey);
  const first = keys.map((key) => state.pick(asked(key), []));
  expect(keys.map((key) => state.pick(asked(key), []))).toEqual(first);
  const counts = shares(first);
  for (const [port, share] of [
    [1, 0.25],
    [2, 0.25],
    [3, 0.5],
  ] as const) {
    expect(Math.abs((counts[port] ?? 0) / keys.length - share)).toBeLessThan(0.06);
  }
});

test('chash: a node that goes moves its own keys only, and gets them back; equal weights of any size are alike', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 1_000 }), (count, weight) => {
      const nodes = Array.from({ length: count }, (_, index) => ({ port: index + 1, weight }));
      const { state } = world(nodes, byKey);
      const some = keys.slice(0, 200);
      const before = some.map((key) => state.pick(asked(key), [])?.node.port);
      state.update(upstreamOf(nodes.slice(1), byKey));
      const without = some.map((key) => state.pick(asked(key), [])?.node.port);
      expect(without).toEqual(before.map((port, index) => (port === 1 ? without[index] : port)));
      expect(without).not.toContain(1);
      state.update(upstreamOf(nodes, byKey));
      expect(some.map((key) => state.pick(asked(key), [])?.node.port)).toEqual(before);
    }),
    { numRuns: 20 },
  );
});

test.each([
  ['a header', { on: 'header', key: 'X-Key' }],
  ['a cookie', { on: 'cookie', key: 'c' }],
  ['variables together', { on: 'vars_combinations', key: 'x-$key' }],
] as const)('chash by %s: keys spread, and each keeps its node', (_what, hash) => {
  const { state } = world([{}, {}, {}], { type: 'chash', hash });
  expect(new Set(keys.slice(0, 50).map((key) => state.pick(asked(key), [])?.node.port)).size).toBe(3);
  expect(new Set(Array.from({ length: 50 }, () => state.pick(asked('one'), [])?.node.port)).size).toBe(1);
});

test('chash: without a key it is the address of the client, not the same node for everybody by accident of being empty', () => {
  const { state } = world([{}, {}, {}], byKey);
  const withAddress = { ...asked(''), variable: (name: string) => (name === 'remote_addr' ? '10.0.0.7' : undefined) };
  expect(state.pick(withAddress, [])).toBe(state.pick({ ...withAddress }, []));
});

test('least_conn: fewest requests under way for the weight, equals in turn', () => {
  const { state } = world([{ weight: 1 }, { weight: 3 }], { type: 'least_conn' });
  const taken = Array.from({ length: 8 }, () => {
    const live = state.pick(asked(), []);
    if (live !== undefined) live.inFlight++;
    return live;
  });
  expect(shares(taken)).toEqual({ 1: 2, 2: 6 });
});

test('ewma: a slow node gets little, and is forgiven when it is quick again', () => {
  const made = world([{}, {}, {}], { type: 'ewma' });
  const run = (slowMs: number): Readonly<Record<string, number>> =>
    shares(
      Array.from({ length: 300 }, () => {
        made.now += 10;
        const live = made.state.pick(asked(), []);
        if (live !== undefined)
          made.state.report(live, { kind: 'status', status: 200, ms: live.node.port === 1 ? slowMs : 10 });
        return live;
      }),
    );
  expect(run(500)['1'] ?? 0).toBeLessThan(20);
  made.now += 60_000;
  expect(run(10)['1'] ?? 0).toBeGreaterThan(0);
});

test('a lower priority waits until no node of a higher one may be used', () => {
  const { state } = world([{ priority: 1 }, { priority: 1 }, { priority: 0 }]);
  const picks = Array.from({ length: 10 }, () => state.pick(asked(), []));
  expect(shares(picks)).toEqual({ 1: 5, 2: 5 });
  const tried = [...new Set(picks)].filter((live) => live !== undefined);
  expect(state.pick(asked(), tried)?.node.port).toBe(3);
});

test('rooms: the own room first; others when it is full or out of use', () => {
  const { state } = world([{ room: 'a', capacity: 2 }, { room: 'b' }], {}, 'a');
  const take = (): number | undefined => {
    const live = state.pick(asked(), []);
    if (live !== undefined) live.inFlight++;
    return live?.node.port;
  };
  expect([take(), take(), take(), take()]).toEqual([1, 1, 2, 2]);
});

test('rooms: all full is no reason to refuse', () => {
  const { state } = world(
    [
      { room: 'a', capacity: 1 },
      { room: 'b', capacity: 1 },
    ],
    {},
    'a',
  );
  const picks = Array.from({ length: 4 }, () => {
    const live = state.pick(asked(), []);
    if (live !== undefined) live.inFlight++;
    return live;
  });
  expect(picks).not.toContain(undefined);
});

test('rooms: a room that comes back takes its share little by little, never all at once', () => {
  const made = world([{ room: 'a' }, { room: 'b' }], {}, 'a');
  const first = made.state.pick(asked(), []);
  if (first === undefined) throw new Error('there are two');
  first.healthy = false;
  expect(made.state.pick(asked(), [])?.node.port).toBe(2);
  first.healthy = true;
  const share = (): number => (shares(Array.from({ length: 100 }, () => made.state.pick(asked(), [])))['1'] ?? 0) / 100;
  const seen = [0, 2_500, 5_000, 7_500, 10_000].map((now) => {
    made.now = now;
    return share();
  });
  expect(seen[0]).toBeCloseTo(0.1, 1);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
});

test('a configuration that keeps a node keeps its health; a changed weight counts at once', () => {
  const active = {
    type: 'tcp',
    path: '/',
    host: undefined,
    port: undefined,
    timeoutMs: 1,
    headers: [],
    verify: true,
    healthy: { successes: 1, statuses: [200], intervalMs: 3_600_000 },
    unhealthy: { httpFailures: 1, tcpFailures: 1, timeouts: 1, statuses: [500], intervalMs: 3_600_000 },
  } as const;
  const checks = { active, passive: { healthy: active.healthy, unhealthy: active.unhealthy } };
  const { state } = world([{}, {}], { checks });
  const bad = state.pick(asked(), []);
  if (bad === undefined) throw new Error('there are two');
  state.report(bad, { kind: 'tcp' });
  expect(bad.healthy).toBe(false);
  state.update(upstreamOf([{ weight: 5 }, { weight: 5 }, {}], { checks }));
  expect(Array.from({ length: 20 }, () => state.pick(asked(), []))).not.toContain(bad);
  state.stop();
});
