/** Smooth weighted round-robin. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UpstreamState } from '../../../gateway/upstream/upstream-state.ts';
import { plainOptions } from '../../../gateway/upstream/upstream-options.ts';
import type { LiveNode } from '../../../gateway/upstream/live-node.ts';
import { request, upstream } from './route.ts';

const asked = request('GET', 'h', '/');
const template = { host: 'n', priority: 0, room: undefined, capacity: undefined };

function weighted(...weights: readonly number[]): UpstreamState {
  const nodes = weights.map((weight, port) => ({ ...template, port, weight }));
  return new UpstreamState({ ...upstream, nodes }, plainOptions);
}

function turns(of: UpstreamState, count: number, tried: readonly LiveNode[] = []): readonly (number | undefined)[] {
  return Array.from({ length: count }, () => of.pick(asked, tried)?.node.port);
}

test('shares are exact over one cycle, whatever the weights', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const taken = turns(weighted(...weights), total);
      expect(weights.map((_, port) => taken.filter((each) => each === port).length)).toEqual(weights);
    }),
  );
});

test('turns are spread, not in blocks: 5, 1, 1', () => {
  expect(turns(weighted(5, 1, 1), 7)).toEqual([0, 0, 1, 0, 2, 0, 0]);
});

test('no node, or none with a weight: nothing to choose', () => {
  expect(turns(weighted(), 1)).toEqual([undefined]);
  expect(turns(weighted(0), 1)).toEqual([undefined]);
  expect(turns(weighted(0, 0), 1)).toEqual([undefined]);
});

test('a node that was tried is not chosen again', () => {
  const two = weighted(1, 1);
  const first = two.pick(asked, []);
  if (first === undefined) throw new Error('there are two');
  expect(new Set(turns(two, 6, [first]))).toEqual(new Set([1 - first.node.port]));
});
