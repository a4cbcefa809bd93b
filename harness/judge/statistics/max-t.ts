/**
 * The Westfall–Young max-T test over all labellings of the blocks: is the canary worse than chance names it?
 * Under "the canary is no worse than stable by more than the minimum effect" the three labels of a block are
 * exchangeable, so the family-wise error is exact for any number of metrics, any dependence and any noise.
 */
import { contrasts, type Triplet } from './contrast.ts';

/** Above this the 3ⁿ labellings are too many to enumerate; the judge has no random numbers to sample them with. */
export const mostBlocks = 10;

/** One metric over the blocks. All series of a family have the same blocks. */
export interface Series {
  readonly blocks: readonly Triplet[];
  /** Standard deviation of a contrast when nothing differs, frozen before the data. Moves power only, never the error. */
  readonly scale: number;
  /** Natural logarithm of the smallest ratio worth failing for; taken off the canary before the test. */
  readonly minimumEffect: number;
}

/**
 * The p value of each series, adjusted for all of them: the share of the 3ⁿ labellings whose largest statistic
 * reaches the true labelling's statistic of that series. Never below 3⁻ⁿ.
 * @throws RangeError when the series are empty, of unequal length, too long, not finite, or have no positive scale.
 */
export function maxT(family: readonly Series[]): readonly number[] {
  const n = family[0]?.blocks.length ?? 0;
  if (n === 0 || n > mostBlocks) throw new RangeError(`max-T needs 1 to ${mostBlocks} blocks, not ${n}`);
  const terms = family.map((series) => scaledContrasts(series, n));
  const truth = terms.map((blocks) => blocks.reduce((sum, arms) => sum + arms[0], 0));
  // Labellings that tie in exact arithmetic differ by rounding; a missed tie would make p too small.
  const reach = truth.map((t) => t - 1e-9 * Math.max(1, Math.abs(t)));
  const reached = truth.map(() => 0);
  const labellings = 3 ** n;
  for (let code = 0; code < labellings; code += 1) {
    const largest = Math.max(...terms.map((blocks) => statistic(blocks, code)));
    reach.forEach((t, k) => {
      if (largest >= t) reached[k] = (reached[k] ?? 0) + 1;
    });
  }
  return reached.map((count) => count / labellings);
}

/** The sum over the blocks of the arm that the labelling calls canary; digit b of `code` in base 3 names it. */
function statistic(blocks: readonly Triplet[], code: number): number {
  let rest = code;
  let sum = 0;
  for (const arms of blocks) {
    const arm = rest % 3;
    sum += arm === 0 ? arms[0] : arm === 1 ? arms[1] : arms[2];
    rest = (rest - arm) / 3;
  }
  return sum;
}

function scaledContrasts(series: Series, n: number): readonly Triplet[] {
  const { blocks, scale, minimumEffect } = series;
  if (blocks.length !== n) throw new RangeError(`max-T needs equal numbers of blocks, not ${n} and ${blocks.length}`);
  if (!(scale > 0)) throw new RangeError(`max-T needs a positive scale, not ${scale}`);
  if (!blocks.flat().every(Number.isFinite)) throw new RangeError('max-T needs finite numbers');
  const divisor = scale * Math.sqrt(n);
  return blocks.map(([canary, stable, twin]) => {
    const [c, s, t] = contrasts([canary - minimumEffect, stable, twin]);
    return [c / divisor, s / divisor, t / divisor];
  });
}
