/** A node that was out of use comes back: when, and with which share of the requests. */
import { expect, test } from 'vitest';
import { upstreamKind } from '../../../gateway/config/kinds/upstream.ts';
import { UpstreamState } from '../../../gateway/upstream/upstream-state.ts';
import { type UpstreamOptions, plainOptions } from '../../../gateway/upstream/upstream-options.ts';

const [stays, returns] = ['127.0.0.1:1', '127.0.0.1:2'];
const checks = { passive: { unhealthy: { tcp_failures: 1 }, healthy: { successes: 1 } } };

interface Requests {
  readonly changes: readonly string[];
  /** The part of that many requests, one after the other, that goes to the node which returns. */
  share(count: number): number;
  pass(ms: number): void;
  dead: boolean;
}

/** Two nodes of which the second is dead at first; its health is known by requests alone. */
function requests(room?: string): Requests {
  let now = 1_000;
  const changes: string[] = [];
  const onHealthChange: UpstreamOptions['onHealthChange'] = (change) => changes.push(`${change.node} ${change.now}`);
  const node = (port: number, at: string): object => ({ host: '127.0.0.1', port, weight: 1, metadata: { room: at } });
  const nodes = [node(1, 'west'), node(2, 'east')];
  const upstream = upstreamKind.read('u', { nodes, checks } as never);
  const state = new UpstreamState(upstream, { ...plainOptions, clock: () => now, onHealthChange, room });
  const send = (): boolean => {
    const live = state.pick({ variable: () => undefined }, []);
    if (live === undefined) throw new Error('there is always one');
    const refused = live.address === returns && all.dead;
    state.report(live, { end: refused ? 'refused' : 'answered', status: refused ? 0 : 200, elapsedMs: 1 });
    return live.address === returns;
  };
  const all: Requests = {
    changes,
    dead: true,
    share: (count) => Array.from({ length: count }, send).filter(Boolean).length / count,
    pass: (ms) => (now += ms),
  };
  return all;
}

test('health by requests alone: a node that is out is tried again after half a minute', () => {
  const all = requests();
  expect(all.share(6)).toBe(1 / 6);
  all.dead = false;
  all.pass(29_000);
  expect(all.share(10)).toBe(0);
  all.pass(1_000);
  expect(all.share(22)).toBeGreaterThan(0);
  expect(all.changes).toEqual([`${returns} unhealthy`, `${returns} healthy`]);
  expect(all.changes.join(' ')).not.toContain(stays);
});

test('the own room comes back: its share grows from a tenth to all in 10 s, and never by a rush', () => {
  const all = requests('east');
  all.share(1);
  all.dead = false;
  all.pass(30_000);
  for (const expected of [0.1, 0.325, 0.55, 0.775, 1]) {
    const share = all.share(40);
    expect(share).toBeGreaterThan(expected - 0.05);
    expect(share).toBeLessThan(expected + 0.05);
    all.pass(2_500);
  }
});

test('within a room a node that comes back grows to its weight and not above', () => {
  const all = requests();
  all.share(4);
  all.dead = false;
  all.pass(30_000);
  const shares: number[] = [];
  for (let step = 0; step < 6; step++) {
    shares.push(all.share(44));
    all.pass(2_500);
  }
  expect(shares[0]).toBeLessThan(0.15);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(0.5);
});
