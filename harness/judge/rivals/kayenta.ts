/**
 * Spinnaker Kayenta's judge NetflixACAJudge-v1.0, from its published description: Mann–Whitney at 98 % confidence on
 * the points of the time series, a tolerance of a quarter of the estimated shift, a score of passed metrics.
 */
import { mean } from 'simple-statistics';
import type { Said } from '../../model/rivals.ts';
import { normalQuantile } from '../statistics/distributions.ts';
import { percent, short } from '../words.ts';
import { rankSum, zOf } from './mann-whitney-statistic.ts';
import { said, type Rival } from './rival.ts';

const confidence = 0.98;
const tolerance = 0.25;
/** The default of `allowedIncrease` for the ratio of the means: no gate. */
const allowedIncrease = 1;
/** The thresholds of its documentation's example. */
const [passScore, marginalScore] = [95, 75];
/** Share of metrics without data from which on the score is 0. */
const mostWithoutData = 0.5;

export interface Shift {
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
}

/** The Hodges–Lehmann shift between two samples and its confidence interval: where the corrected z crosses ∓z and 0. */
export function shiftBetween(experiment: readonly number[], control: readonly number[]): Shift {
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const least = Math.min(...experiment) - Math.max(...control);
  const most = Math.max(...experiment) - Math.min(...control);
  // z falls as more is taken off the experiment. Bisection to the last bit, since it falls in steps.
  const crossing = (level: number): number => {
    let [low, high] = [least, most];
    for (let i = 0; i < 60 && low < high; i += 1) {
      const middle = (low + high) / 2;
      const shifted = experiment.map((value) => value - middle);
      if (zOf(rankSum(shifted, control)) > level) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return { low: crossing(z), estimate: crossing(0), high: crossing(-z) };
}

export const kayenta: Rival = {
  name: 'kayenta',
  rule:
    `Mann–Whitney at ${percent(confidence)} confidence on the points; High when the interval of the shift lies above ` +
    `${percent(tolerance)} of its estimate; score ≥ ${passScore} passes, < ${marginalScore} fails`,
  classify({ experiment, control }) {
    const [a, b] = [experiment.points, control.points];
    if (a.length === 0 || b.length === 0) return said('no-data', 'Nodata');
    if (sameValues(a, b)) return said('pass', 'Pass: identical data');
    const { low, estimate } = shiftBetween(a, b);
    // A ratio that is no number, of a control that is zero throughout, gates nothing.
    const gate = mean([...b]) === 0 || mean([...a]) / mean([...b]) >= allowedIncrease;
    const high = low > tolerance * Math.abs(estimate) && gate;
    return said(high ? 'fail' : 'pass', `${high ? 'High' : 'Pass'}: shift ${short(estimate)}, at least ${short(low)}`);
  },
  overall(metrics) {
    const without = metrics.filter(({ decision }) => decision === 'no-data').length;
    const judged = metrics.length - without;
    const passed = metrics.filter(({ decision }) => decision === 'pass').length;
    const score = judged === 0 || without >= mostWithoutData * metrics.length ? 0 : (100 * passed) / judged;
    return said(wordOf(score), `score ${short(score)}`);
  },
};

function wordOf(score: number): Said['decision'] {
  if (score >= passScore) return 'pass';
  return score >= marginalScore ? 'marginal' : 'fail';
}

function sameValues(a: readonly number[], b: readonly number[]): boolean {
  const [x, y] = [a, b].map((values) => values.toSorted((p, q) => p - q));
  return JSON.stringify(x) === JSON.stringify(y);
}
