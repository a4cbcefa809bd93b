/** Smooth weighted round-robin. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Node, Upstream } from '../../../gateway/config/config-objects.ts';
import { nextNode } from '../../../gateway/upstream/round-robin.ts';
import { upstream } from './route.ts';

function weighted(...weights: readonly number[]): Upstream {
  return { ...upstream, nodes: weights.map((weight, index): Node => ({ host: 'n', port: index, weight })) };
}

function turns(of: Upstream, count: number, tried: readonly Node[] = []): readonly (number | undefined)[] {
  return Array.from({ length: count }, () => nextNode(of, tried)?.port);
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
  expect(new Set(turns(two, 6, two.nodes.slice(0, 1)))).toEqual(new Set([1]));
  expect(turns(two, 1, two.nodes)).toEqual([undefined]);
});
