/** The few statistics that moves need: how likely chance alone makes a contrast, and which of many to believe. */
import jStat from 'jstat';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { TrialValue } from '../../model/verdict.ts';
import { floorShare } from './constants.ts';

/** ln canary − mean(ln stable, ln twin), one number for each block of which all three have a value. */
export function contrasts(values: readonly TrialValue[], unit: 'ms' | 'share'): readonly number[] {
  const blocks = Map.groupBy(values, ({ block }) => block);
  return [...blocks.values()].flatMap((block) => {
    const of = (arm: TrialValue['arm']): number => logOf(block.find((one) => one.arm === arm)?.value ?? null, unit);
    const contrast = of('canary') - (of('stable') + of('twin')) / 2;
    return Number.isFinite(contrast) ? [contrast] : [];
  });
}

function logOf(value: number | null, unit: 'ms' | 'share'): number {
  return value === null ? Number.NaN : Math.log(unit === 'share' ? value + floorShare : value);
}

/** Two-sided p of Student's t that the mean is 0; 1 for fewer than two values, which say nothing of their spread. */
export function twoSidedP(values: readonly number[]): number {
  if (values.length < 2) return 1;
  const [centre, sd] = [mean([...values]), sampleStandardDeviation([...values])];
  if (sd === 0) return centre === 0 ? 1 : 0;
  const t = Math.abs(centre) / (sd / Math.sqrt(values.length));
  return 2 * (1 - jStat.studentt.cdf(t, values.length - 1));
}

/**
 * Benjamini and Hochberg, 1995: which of the p values may be believed so that among them a share of at most `rate` is
 * false, on average. True at the index of each.
 */
export function believed(pValues: readonly number[], rate: number): readonly boolean[] {
  const sorted = pValues.toSorted((a, b) => a - b);
  const last = sorted.findLast((p, i) => p <= ((i + 1) / sorted.length) * rate);
  return pValues.map((p) => last !== undefined && p <= last);
}
