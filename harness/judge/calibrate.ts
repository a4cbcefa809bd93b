/** From recorded blocks of equal builds to how much their trials differ. */
import { mean, median, quantileSorted } from 'simple-statistics';
import type { Metric, Scenario } from '../../scenarios/scenario.ts';
import type { MetricCalibration, ScenarioCalibration } from '../model/calibration.ts';
import type { Evidence, TrialEvidence } from '../model/evidence.ts';
import { arms } from '../model/plan.ts';
import { blocksOf, type Block } from './blocks.ts';
import { startOf, type Of } from './history.ts';
import { sessionAlpha } from './looks.ts';
import { measure, metrics } from './metrics/index.ts';
import { rounded } from './round.ts';
import { chanceToPass } from './statistics/chance.ts';
import { contrastOverTrial } from './statistics/contrast.ts';
import { chiSquaredQuantile } from './statistics/distributions.ts';
import { mostBlocks } from './statistics/max-t.ts';

const boundLevel = 0.95;
/** A metric that did not vary at all (no error in any trial) must not become infinitely sharp. */
const leastOfBuiltIn = 0.25;
const tolerableSds = 2;
const passChance = 0.9;
const leastForKurtosis = 12;
const leastSeconds = 6;

/** Every metric that all valid blocks of a scenario have, whether or not the scenario judges it. */
export function calibrationOf({ plan, trials }: Evidence): Readonly<Record<string, ScenarioCalibration>> {
  return Object.fromEntries(
    plan.scenarios.map(({ scenario }) => {
      const own = trials.filter((trial) => trial.scenario === scenario.name);
      return [scenario.name, calibrate(scenario, blocksOf(scenario, own).valid)];
    }),
  );
}

function calibrate(scenario: Scenario, blocks: readonly Block[]): ScenarioCalibration {
  const all = blocks.flatMap(({ trials }) => arms.map((arm) => trials[arm]));
  const measured = (Object.keys(metrics) as Metric[]).flatMap((metric) => {
    const one = calibrateMetric(scenario, metric, blocks);
    return one === undefined ? [] : [[metric, one] as const];
  });
  return {
    blocks: blocks.length,
    autocorrelation: autocorrelation(all.map((trial) => secondsOf(trial, 'fault').map(({ p50 }) => p50))),
    warmupCutMs: warmupCut(all),
    metrics: Object.fromEntries(measured),
  };
}

function calibrateMetric(scenario: Scenario, metric: Metric, blocks: readonly Block[]): MetricCalibration | undefined {
  const measured = blocks.map(({ trials }) => arms.map((arm) => measure(metric, trials[arm])));
  const known = measured.map((block) => block.flatMap((m) => (m.state === 'measured' ? [m] : [])));
  if (known.length < 2 || known.some(({ length }) => length < arms.length)) return undefined;
  const residuals = known.flatMap((block) => {
    const centre = mean(block.map(({ y }) => y));
    return block.map(({ y }) => y - centre);
  });
  const freedom = known.length * (arms.length - 1);
  const sd = Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / freedom);
  const bound = sd * Math.sqrt(freedom / chiSquaredQuantile(1 - boundLevel, freedom));
  return {
    trials: residuals.length,
    median: rounded(median(known.flat().map(({ value }) => value))),
    sd: rounded(sd),
    scale: rounded(Math.max(bound, metrics[metric].trialSd * leastOfBuiltIn)),
    kurtosis: residuals.length < leastForKurtosis || sd === 0 ? null : rounded(kurtosis(residuals)),
    tolerance: rounded(Math.ceil(Math.expm1(tolerableSds * sd) * 20) / 20),
    blocks: blocksToPass(scenario, metric, sd),
  };
}

function kurtosis(residuals: readonly number[]): number {
  const variance = mean(residuals.map((r) => r ** 2));
  return mean(residuals.map((r) => r ** 4)) / variance ** 2;
}

/** At the tolerance that the scenario has declared, with all of alpha at one look. */
function blocksToPass({ expectations }: Scenario, metric: Metric, sd: number): number | null {
  const expected = expectations.find((one) => one.kind === 'no-worse' && one.metric === metric);
  if (expected?.kind !== 'no-worse') return null;
  const seen = { mean: 0, sd: sd * contrastOverTrial, low: 0, high: 0 };
  for (let blocks = 3; blocks <= mostBlocks; blocks += 1) {
    const look = { blocks, alpha: sessionAlpha };
    if (chanceToPass(seen, look, Math.log1p(expected.tolerance)) >= passChance) return blocks;
  }
  return null;
}

interface Second {
  /** Milliseconds since the load began. */
  readonly sinceMs: number;
  /** ln of the median latency. */
  readonly p50: number;
}

/** The seconds of load from a phase on, or all before it. */
function secondsOf({ history }: TrialEvidence, from: 'fault' | 'before-fault'): readonly Second[] {
  const fault = startOf(history, 'fault') ?? Infinity;
  const start = startOf(history, 'warmup') ?? 0;
  return history
    .filter((o): o is Of<'load'> => o.kind === 'load' && o.atMs >= fault === (from === 'fault'))
    .flatMap(({ atMs, p50Ms }) => (p50Ms > 0 ? [{ sinceMs: atMs - start, p50: Math.log(p50Ms) }] : []));
}

/** Lag-1 autocorrelation around each trial's own mean, over all trials together. */
export function autocorrelation(series: readonly (readonly number[])[]): number | null {
  const long = series.filter(({ length }) => length >= leastSeconds);
  let [products, squares] = [0, 0];
  for (const values of long) {
    const centre = mean([...values]);
    values.forEach((value, i) => {
      squares += (value - centre) ** 2;
      products += i === 0 ? 0 : (value - centre) * ((values[i - 1] ?? centre) - centre);
    });
  }
  return squares === 0 ? null : rounded(products / squares);
}

/** By the second: the median over the trials of how far ln p50 is from the trial's last third before the fault. */
function warmupCut(trials: readonly TrialEvidence[]): number | null {
  const early = trials.map((trial) => secondsOf(trial, 'before-fault'));
  const length = Math.min(...early.map((seconds) => seconds.length));
  if (early.length === 0 || length < leastSeconds) return null;
  const last = Math.ceil(length / 3);
  const off = early.map((seconds) => {
    const settled = seconds.slice(length - last, length).map(({ p50 }) => p50);
    const level = mean(settled);
    return seconds.slice(0, length).map(({ p50 }) => Math.abs(p50 - level));
  });
  const noise = middle(off.flatMap((distances) => distances.slice(length - last)));
  for (let second = 0; second < length - last; second += 1) {
    const rest = off.map((distances) => distances[second] ?? Infinity);
    if (middle(rest) <= 2 * noise) return Math.round(2 * (early[0]?.[second]?.sinceMs ?? 0));
  }
  return null;
}

function middle(values: readonly number[]): number {
  return quantileSorted(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
