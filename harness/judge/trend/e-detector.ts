/**
 * The Shiryaev–Roberts e-detector (Shin, Ramdas, Rinaldo 2023): a sum over all possible starts of a change of what a
 * bettor has won who began to bet there. Under "no change" it grows by at most 1 a night on average, so the mean time
 * to a false alarm at the threshold A is at least A nights: no assumption but that a night's score, given all earlier
 * ones, is 1-sub-Gaussian with a mean of at most 0. Pure.
 */

/** Stakes, averaged: small ones win on small shifts, large ones on large shifts. */
export const stakes: readonly number[] = [0.25, 0.5, 1, 1.5, 2];
/** One wild night alone moves the evidence by no more than this score does. */
export const clip = 4;
/** Beyond any threshold, and far enough from what a number can hold. */
const most = 1e300;

/** The evidence after each night; higher scores mean worse. */
export function detect(scores: readonly number[]): readonly number[] {
  let sums: readonly number[] = stakes.map(() => 0);
  return scores.map((score) => {
    const z = Math.max(-clip, Math.min(clip, score));
    sums = sums.map((sum, i) => Math.min(most, (sum + 1) * gain(z, stakes[i] ?? 0)));
    return sums.reduce((total, sum) => total + sum / stakes.length, 0);
  });
}

/** The same for a shift to either side. */
export function detectBoth(up: readonly number[], down: readonly number[]): readonly number[] {
  const other = detect(down);
  return detect(up).map((evidence, i) => (evidence + (other[i] ?? 0)) / 2);
}

/** exp(λz − λ²/2): its mean is at most 1 when z is 1-sub-Gaussian with a mean of at most 0. */
function gain(z: number, stake: number): number {
  return Math.exp(stake * z - (stake * stake) / 2);
}

/**
 * The start of the change that explains the scores best: the largest generalised likelihood ratio against "no change",
 * which is S²/2n for a tail of n scores with the sum S > 0. Index of its first night; undefined when no tail has S > 0.
 */
export function changePoint(scores: readonly number[]): number | undefined {
  let [sum, best] = [0, 0];
  let found: number | undefined;
  for (let start = scores.length - 1; start >= 0; start -= 1) {
    sum += Math.max(-clip, Math.min(clip, scores[start] ?? 0));
    const ratio = sum > 0 ? sum ** 2 / (2 * (scores.length - start)) : 0;
    if (ratio > best) [best, found] = [ratio, start];
  }
  return found;
}
