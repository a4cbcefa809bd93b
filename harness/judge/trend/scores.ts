/** From the points of a series to the scores of the e-detector: how many standard deviations from what is normal. */
import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { MetricPoint } from '../../model/run-record.ts';
import { metrics } from '../metrics/index.ts';
import { contrastOverTrial } from '../statistics/contrast.ts';
import { chiSquaredQuantile, normalQuantile } from '../statistics/distributions.ts';

/** Room for noise that is not normal: the detector's promise holds for any score that is 1-sub-Gaussian. */
const inflation = 1.2;
/** Confidence with which what was learnt from few nights may be relied on. */
const learnt = 0.95;
/** Nights from which the environment's own level and spread are learnt. */
export const learningNights = 10;

/**
 * Scores of version drift. A night's own standard deviation follows from the twins of the nights before it, which are
 * the same build whatever the canary does; never below what the judge believes of the metric.
 * `reference`: nights that were acknowledged as normal. Without any, normal is what a build is against itself: 0.
 */
export function versionScores(points: readonly MetricPoint[], reference: readonly MetricPoint[]): readonly number[] {
  const seen = new TwinNoise(points[0]?.metric ?? reference[0]?.metric ?? '');
  for (const point of reference) seen.add(point);
  const normal = reference.length === 0 ? 0 : upperMean(reference, seen.trialSd());
  return points.map((point) => {
    const sd = (seen.trialSd() * contrastOverTrial) / Math.sqrt(point.blocks);
    seen.add(point);
    return (point.contrast - normal) / (inflation * sd);
  });
}

/** The mean contrast of acknowledged nights, as high as it may well be: an error in it would be a drift for ever. */
function upperMean(reference: readonly MetricPoint[], trialSd: number): number {
  const blocks = reference.reduce((sum, point) => sum + point.blocks, 0);
  const weighted = reference.reduce((sum, point) => sum + point.contrast * point.blocks, 0) / blocks;
  return weighted + (normalQuantile(learnt) * trialSd * contrastOverTrial) / Math.sqrt(blocks);
}

/** The standard deviation of a trial by the twins of all blocks so far. */
class TwinNoise {
  readonly #believed: number;
  #squares = 0;
  #blocks = 0;

  /** A metric that this version no longer knows has only its twins. */
  constructor(metric: string) {
    this.#believed = metric in metrics ? metrics[metric as keyof typeof metrics].trialSd : 0;
  }

  add({ twinSd, blocks }: MetricPoint): void {
    this.#squares += twinSd ** 2 * blocks;
    this.#blocks += blocks;
  }

  trialSd(): number {
    const seen = this.#blocks === 0 ? 0 : Math.sqrt(this.#squares / this.#blocks);
    return Math.max(this.#believed, seen) || Number.POSITIVE_INFINITY;
  }
}

export interface BothScores {
  readonly up: readonly number[];
  readonly down: readonly number[];
}

/**
 * Scores of environment drift, to both sides: of the nights after the first `learningNights`, from which the level of
 * stable and its spread between nights are learnt. Both are taken as unfavourably as those few nights allow.
 */
export function environmentScores(points: readonly MetricPoint[]): BothScores {
  const levels = points.map(({ level }) => level);
  const first = levels.slice(0, learningNights);
  if (first.length < learningNights) return { up: [], down: [] };
  const degrees = learningNights - 1;
  const spread = sampleStandardDeviation(first);
  const sd = inflation * spread * Math.sqrt(degrees / chiSquaredQuantile(1 - learnt, degrees));
  const slack = (normalQuantile(learnt) * spread) / Math.sqrt(learningNights);
  const centre = mean(first);
  // Ten nights that were equal to the last digit say nothing of the spread.
  const score = (distance: number): number => (sd > 0 ? (distance - slack) / sd : 0);
  const rest = levels.slice(learningNights);
  return { up: rest.map((level) => score(level - centre)), down: rest.map((level) => score(centre - level)) };
}
