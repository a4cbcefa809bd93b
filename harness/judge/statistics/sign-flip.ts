/**
 * The largest-statistic sign-flip test: whether differences lean to one side, over several series at once. Under "each
 * difference is as likely as its negative, and those of one unit flip together" the p value is exact.
 */

/** Above this the 2ⁿ flips are too many to enumerate. */
export const mostFlips = 14;

/** Differences of one unit in standard deviations, one of each series; a series that has none there has 0. */
export type Unit = readonly number[];

/**
 * The share of the 2ⁿ flips whose largest |Σ d| over the series, each in units of its own root of length, reaches the
 * true one. 1 without units.
 */
export function signFlipP(units: readonly Unit[]): number {
  const n = units.length;
  if (n > mostFlips) throw new RangeError(`a sign-flip test needs at most ${mostFlips} units, not ${n}`);
  const series = units[0]?.length ?? 0;
  const roots = Array.from({ length: series }, (_, k) =>
    Math.sqrt(Math.max(1, units.filter((unit) => unit[k] !== 0).length)),
  );
  const largest = (flips: number): number =>
    roots.reduce((most, root, k) => {
      const sum = units.reduce((total, unit, i) => total + ((flips >> i) & 1 ? -1 : 1) * (unit[k] ?? 0), 0);
      return Math.max(most, Math.abs(sum) / root);
    }, 0);
  const truth = largest(0);
  let reached = 0;
  // Ties that differ by rounding count: a missed one would make p too small.
  for (let flips = 0; flips < 2 ** n; flips += 1) if (largest(flips) >= truth - 1e-9 * Math.max(1, truth)) reached += 1;
  return reached / 2 ** n;
}
