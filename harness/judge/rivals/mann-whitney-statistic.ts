/** The Mann–Whitney (Wilcoxon rank-sum) statistic in its normal approximation, with ties and continuity correction. */

export interface RankSum {
  /** Rank sum of the first sample less its smallest possible value: pairs in which the first is larger, ties half. */
  readonly u: number;
  /** u less its expectation under "no difference". */
  readonly excess: number;
  /** Standard deviation of u under "no difference", given the ties. */
  readonly sd: number;
}

export function rankSum(first: readonly number[], second: readonly number[]): RankSum {
  const [n, m] = [first.length, second.length];
  const all = [
    ...first.map((value) => ({ value, own: true })),
    ...second.map((value) => ({ value, own: false })),
  ].toSorted((a, b) => a.value - b.value);
  let [ranks, ties] = [0, 0];
  for (let start = 0; start < all.length;) {
    let end = start;
    while (end < all.length && all[end]?.value === all[start]?.value) end += 1;
    // Ranks count from 1; equal values share the middle of theirs.
    const middle = (start + 1 + end) / 2;
    ranks += middle * all.slice(start, end).filter(({ own }) => own).length;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  const u = ranks - (n * (n + 1)) / 2;
  const sd = Math.sqrt(((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1))));
  return { u, excess: u - (n * m) / 2, sd };
}

/** z of "the first is larger", corrected for continuity; 0 when all values are equal. */
export function zOf({ excess, sd }: RankSum): number {
  return sd === 0 ? 0 : (excess - 0.5 * Math.sign(excess)) / sd;
}
