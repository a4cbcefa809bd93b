/**
 * The e-Benjamini–Hochberg procedure (Wang and Ramdas 2022): which of many hypotheses may be followed up, with a false
 * discovery rate of at most alpha under any dependence. Only for e-values at one common stop: it is not safe on the
 * largest that e-processes ever were. Its answers are leads, never verdicts.
 */

/** Indices of the leads, in the order of the input: the k* largest, k* = max{k : E₍k₎ ≥ K/(k·alpha)}. */
export function leads(eValues: readonly number[], alpha: number): readonly number[] {
  if (!(alpha > 0 && alpha <= 1)) throw new RangeError(`the false discovery rate cannot be ${alpha}`);
  const order = eValues.map((e, index) => ({ e, index })).toSorted((a, b) => b.e - a.e || a.index - b.index);
  const last = order.findLastIndex(({ e }, i) => e * (i + 1) * alpha >= eValues.length);
  return order
    .slice(0, last + 1)
    .map(({ index }) => index)
    .toSorted((a, b) => a - b);
}
