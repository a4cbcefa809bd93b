/** How the balancers share requests out. Round robin has a file of its own. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { consistentHash } from '../../../gateway/upstream/balancers/chash.ts';
import { ewma } from '../../../gateway/upstream/balancers/ewma.ts';
import { leastConn } from '../../../gateway/upstream/balancers/least-conn.ts';
import type { HashOn } from '../../../gateway/config/config-objects.ts';
import { LiveNode } from '../../../gateway/upstream/live-node.ts';

const template = { host: 'n', priority: 0, room: undefined, capacity: undefined };
const nobody = { variable: () => undefined };

function nodesOf(...weights: readonly number[]): readonly LiveNode[] {
  return weights.map((weight, index) => new LiveNode({ ...template, port: 8_000 + index, weight }));
}

function asking(variables: Readonly<Record<string, string>>): { variable(name: string): string | undefined } {
  return { variable: (name) => variables[name] };
}

const uris = Array.from({ length: 4_000 }, (_, index) => asking({ uri: `/item/${index * 7_919}` }));
const byUri: HashOn = { on: 'vars', key: 'uri' };

/** The node of each key, by its address. */
function placed(nodes: readonly LiveNode[], usable = nodes): readonly string[] {
  const balancer = consistentHash(byUri);
  balancer.update?.(nodes);
  return uris.map((request) => balancer.pick(usable, request).address);
}

const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 8 });

test('chash: the share of keys follows the weight', () => {
  // Of a heavy node at most 1,280 points: a light one among heavy ones has few, and its share is rough.
  const alike = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(alike, (list) => {
      const nodes = nodesOf(...list);
      const taken = placed(nodes);
      const total = list.reduce((sum, weight) => sum + weight, 0);
      for (const { address, node } of nodes) {
        const share = taken.filter((each) => each === address).length / taken.length;
        expect(share * total).toBeGreaterThan(node.weight * 0.6);
        expect(share * total).toBeLessThan(node.weight * 1.5);
      }
    }),
    { numRuns: 30 },
  );
});

test('chash: a node that leaves moves no keys but its own', () => {
  fc.assert(
    fc.property(weights, fc.nat(), (list, choice) => {
      // The heaviest stays, or all weights are scaled anew.
      const nodes = nodesOf(...list, 100);
      const gone = nodes[choice % list.length]?.address;
      const before = placed(nodes);
      const after = placed(nodes.filter(({ address }) => address !== gone));
      for (const [key, address] of before.entries()) if (address !== gone) expect(after[key]).toBe(address);
    }),
    { numRuns: 20 },
  );
});

test('chash: a node out of use gives its keys to others and moves no more', () => {
  fc.assert(
    fc.property(weights, fc.nat(), (list, choice) => {
      const nodes = nodesOf(...list);
      const out = nodes[choice % list.length];
      const before = placed(nodes);
      const meanwhile = placed(
        nodes,
        nodes.filter((live) => live !== out),
      );
      expect(meanwhile).not.toContain(out?.address);
      for (const [key, address] of before.entries()) if (address !== out?.address) expect(meanwhile[key]).toBe(address);
    }),
    { numRuns: 20 },
  );
});

test('chash: the order of the nodes and the process do not matter', () => {
  const nodes = nodesOf(1, 2, 3);
  expect(placed(nodes.toReversed())).toEqual(placed(nodes));
});

test('chash: keys come back to a returning node bit by bit, each once', () => {
  const nodes = nodesOf(1, 1, 1);
  const [back] = nodes;
  if (back === undefined) throw new Error('there are three');
  const settled = placed(nodes);
  let own = new Set<number>();
  for (const share of [0.1, 0.3, 0.6, 1]) {
    back.share = share;
    const now = placed(nodes);
    const held = new Set([...now.keys()].filter((key) => now[key] === back.address));
    expect(own.isSubsetOf(held)).toBe(true);
    expect(held.size).toBeGreaterThan(own.size);
    own = held;
  }
  expect(placed(nodes)).toEqual(settled);
});

test('chash: weights in the millions cost no more than small ones', () => {
  const taken = placed(nodesOf(5_000_000, 5_000_000));
  expect(new Set(taken).size).toBe(2);
});

test.each<[HashOn['on'], string, Readonly<Record<string, string>>]>([
  ['vars', 'arg_user', { arg_user: 'x' }],
  ['vars_combinations', '$host-${uri}', { host: 'x', uri: 'y' }],
  ['header', 'X-User', { http_x_user: 'x' }],
  ['cookie', 'session', { cookie_session: 'x' }],
  ['consumer', 'any', { consumer_name: 'x' }],
])('chash on %s: equal keys meet, whoever the client is', (on, key, variables) => {
  const nodes = nodesOf(1, 1, 1, 1, 1, 1, 1, 1);
  const balancer = consistentHash({ on, key });
  balancer.update?.(nodes);
  const clients = Array.from({ length: 64 }, (_, index) => `10.0.0.${index}`);
  const [field = ''] = Object.keys(variables);
  const pick = (extra: Readonly<Record<string, string>>): string => balancer.pick(nodes, asking(extra)).address;
  expect(new Set(clients.map((remote_addr) => pick({ ...variables, remote_addr }))).size).toBe(1);
  expect(new Set(clients.map((value) => pick({ ...variables, [field]: value }))).size).toBeGreaterThan(1);
  // Without a key the client's address decides, as in APISIX.
  expect(new Set(clients.map((remote_addr) => pick({ remote_addr }))).size).toBeGreaterThan(1);
});

test('least_conn: the fewest under way for the weight', () => {
  const nodes = nodesOf(1, 4);
  const balancer = leastConn();
  for (let count = 0; count < 50; count++) balancer.pick(nodes, nobody).inFlight++;
  expect(nodes.map(({ inFlight }) => inFlight)).toEqual([10, 40]);
});

test('least_conn: equals take turns', () => {
  const nodes = nodesOf(1, 1, 1);
  const balancer = leastConn();
  const taken = Array.from({ length: 6 }, () => balancer.pick(nodes, nobody).node.port);
  expect(taken).toEqual([8_000, 8_001, 8_002, 8_000, 8_001, 8_002]);
});

/** How many of `count` requests, one after the other, each node gets when it answers in its time. */
function shares(times: readonly number[], count: number, end: 'answered' | 'refused' = 'answered'): readonly number[] {
  let now = 0;
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const balancer = ewma(() => now, random);
  const nodes = nodesOf(...times.map(() => 1));
  const taken = times.map(() => 0);
  for (let each = 0; each < count; each++) {
    now += 10;
    const live = balancer.pick(nodes, nobody);
    const index = nodes.indexOf(live);
    taken[index] = (taken[index] ?? 0) + 1;
    const failed = end === 'refused' && index === 0;
    const outcome = { end: failed ? end : ('answered' as const), status: failed ? 0 : 200 };
    balancer.report?.(live, { ...outcome, elapsedMs: times[index] ?? 0 });
  }
  return taken;
}

test('ewma: a slow node gets little, and equals get alike', () => {
  const [slow = 0, one = 0, other = 0] = shares([200, 5, 5], 1_000);
  expect(slow).toBeLessThan(30);
  expect(Math.min(one, other)).toBeGreaterThan(300);
});

test('ewma: a node that fails at once is not the fastest', () => {
  const [failing = 0] = shares([0.1, 20, 20], 1_000, 'refused');
  expect(failing).toBeLessThan(30);
});

test('ewma: a node once slow is tried again when its past has faded', () => {
  let now = 0;
  const balancer = ewma(
    () => now,
    () => 0,
  );
  const nodes = nodesOf(1, 1);
  const [slow, quick] = nodes;
  if (slow === undefined || quick === undefined) throw new Error('there are two');
  balancer.report?.(slow, { end: 'answered', status: 200, elapsedMs: 500 });
  balancer.report?.(quick, { end: 'answered', status: 200, elapsedMs: 50 });
  expect(balancer.pick(nodes, nobody)).toBe(quick);
  now = 60_000;
  balancer.report?.(quick, { end: 'answered', status: 200, elapsedMs: 50 });
  expect(balancer.pick(nodes, nobody)).toBe(slow);
});

test('ewma: a new node is not overrun', () => {
  const balancer = ewma(() => 0);
  const nodes = nodesOf(1, 1);
  const [known] = nodes;
  if (known === undefined) throw new Error('there are two');
  balancer.report?.(known, { end: 'answered', status: 200, elapsedMs: 500 });
  for (let count = 0; count < 40; count++) balancer.pick(nodes, nobody).inFlight++;
  expect(nodes.map(({ inFlight }) => inFlight)).toEqual([20, 20]);
});

test('ewma: what is under way counts', () => {
  const balancer = ewma(() => 0);
  const nodes = nodesOf(1, 1);
  for (let count = 0; count < 40; count++) balancer.pick(nodes, nobody).inFlight++;
  expect(nodes.map(({ inFlight }) => inFlight)).toEqual([20, 20]);
});
