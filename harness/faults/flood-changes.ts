/** The changes of a route flood as a list that a storm plays over and over. The same seed gives the same list. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Mix } from '../../scenarios/scenario.ts';
import { type Change, type RouteKeys, deleted } from '../model/layout.ts';

/** Flood routes that exist at one time at most. */
export const floodRoutes = 100;
const resolution = 1_000_000;

/** `put(index, seq)`: flood route `index` with a value that differs for each `seq`. */
type Put = (index: number, seq: number) => RouteKeys;
/** Of one route. */
type Changes = readonly Change[];

const all = Array.from({ length: floodRoutes }, (_, index) => index);

/** Creates all, updates all, deletes all. */
export function inTurn(put: Put): readonly Changes[] {
  const deletes = all.map((index) => deleted(put(index, 0)));
  return [...all.map((index) => put(index, 1)), ...all.map((index) => put(index, 2)), ...deletes];
}

/**
 * So many changes by these shares. What cannot be done (to create one more than there may be, to change one where there
 * is none) becomes an update, or a create.
 */
export function byMix(mix: Mix, count: number, seed: number, put: Put): readonly Changes[] {
  const random = xoroshiro128plus(seed);
  const pick = (from: readonly number[]): number => from[uniformInt(random, 0, from.length - 1)] ?? 0;
  const there = new Set<number>();
  return Array.from({ length: count }, (_, seq): Changes => {
    const draw = uniformInt(random, 0, resolution - 1) / resolution;
    const absent = all.filter((index) => !there.has(index));
    const creates = there.size === 0 || (draw < mix.create && absent.length > 0);
    const index = pick(creates ? absent : [...there]);
    if (!creates && draw >= mix.create + mix.update) {
      there.delete(index);
      return deleted(put(index, 0));
    }
    there.add(index);
    return put(index, seq + 1);
  });
}
