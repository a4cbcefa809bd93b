/** Every random choice of a run comes from one seed through independent named streams. */
import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The seed of a named stream: streams do not move each other when one of them draws more. */
export function derive(seed: number, ...names: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...names]))
    .digest();
  return digest.readUInt32BE(0) & 0x7fffffff;
}

/** A uniformly random order (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const random = xoroshiro128plus(seed);
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const pick = uniformInt(random, 0, last);
    const [a, b] = [order[last], order[pick]];
    if (a === undefined || b === undefined) throw new RangeError('shuffle left its array');
    [order[last], order[pick]] = [b, a];
  }
  return order;
}
