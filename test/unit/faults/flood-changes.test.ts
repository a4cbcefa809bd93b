/** The changes of a flood: by the shares that were asked for, never more routes than allowed, the same for the same seed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byMix, floodRoutes, inTurn } from '../../../harness/faults/flood-changes.ts';
import type { Change, RouteKeys } from '../../../harness/model/layout.ts';

const put = (index: number, seq: number): RouteKeys => [{ key: `r${index}`, value: `${seq}` }];

interface Played {
  readonly creates: number;
  readonly updates: number;
  readonly deletes: number;
  readonly most: number;
  readonly idle: number;
}

/** What the changes do to a table that is empty before. */
function played(changes: readonly (readonly Change[])[]): Played {
  const there = new Map<string, string>();
  const done = { creates: 0, updates: 0, deletes: 0, most: 0, idle: 0 };
  for (const { key, value } of changes.flat()) {
    const old = there.get(key);
    if (value === undefined) done[old === undefined ? 'idle' : 'deletes']++;
    else done[old === undefined ? 'creates' : old === value ? 'idle' : 'updates']++;
    if (value === undefined) there.delete(key);
    else there.set(key, value);
    done.most = Math.max(done.most, there.size);
  }
  return done;
}

test('in turn: all are created, all updated, all deleted', () => {
  expect(played(inTurn(put))).toEqual({ creates: 100, updates: 100, deletes: 100, most: floodRoutes, idle: 0 });
});

test('by shares: as asked for, within a few percent, when the table neither fills nor runs empty', () => {
  const { creates, updates, deletes, idle } = played(byMix({ create: 0.3, update: 0.4, delete: 0.3 }, 5_000, 7, put));
  expect(idle).toBe(0);
  for (const [count, share] of [
    [creates, 0.3],
    [updates, 0.4],
    [deletes, 0.3],
  ] as const)
    expect(Math.abs(count / 5_000 - share)).toBeLessThan(0.04);
});

test('whatever the shares and the seed: so many changes, none without effect, never too many routes, and the same again', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, fc.nat({ max: 2 ** 31 - 1 }), (a, b, seed) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const mix = { create: low, update: high - low, delete: 1 - high };
      const changes = byMix(mix, 400, seed, put);
      const { most, idle } = played(changes);
      expect([changes.length, idle]).toEqual([400, 0]);
      expect(most).toBeLessThanOrEqual(floodRoutes);
      expect(byMix(mix, 400, seed, put)).toEqual(changes);
    }),
    { numRuns: 50 },
  );
});
