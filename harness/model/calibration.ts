/** What `gatecrash calibrate` measures on a host: how much equal builds differ there. One file, read by later checks. */
import type { Metric } from '../../scenarios/scenario.ts';

/** One metric of one scenario, over all its trials of one build. */
export interface MetricCalibration {
  readonly trials: number;
  /** In the metric's own unit. */
  readonly median: number;
  /** Standard deviation of y between the trials of a block. */
  readonly sd: number;
  /** Its 95 % upper bound, at least a quarter of the built-in scale: what later checks are judged with. */
  readonly scale: number;
  /** Kurtosis of the trials around their block: 3 for a normal tail; null for fewer than 12 trials. */
  readonly kurtosis: number | null;
  /** Smallest tolerance that an equal build passes nine times in ten within a few blocks: two standard deviations. */
  readonly tolerance: number;
  /** Blocks after which an equal build passes with at least 90 % at the scenario's own tolerance; null: none up to 10, or it has none. */
  readonly blocks: number | null;
}

export interface ScenarioCalibration {
  readonly blocks: number;
  /** Of ln p50 from one second to the next, within a trial; null when there are too few seconds. */
  readonly autocorrelation: number | null;
  /** Twice the time after which latency is as in the last third before the fault; null when it never is, or too short to tell. */
  readonly warmupCutMs: number | null;
  readonly metrics: Readonly<Partial<Record<Metric, MetricCalibration>>>;
}

export interface Calibration {
  readonly schema: 1;
  readonly measuredAt: string;
  /** Numbers of one class of host hold on no other. */
  readonly host: { readonly cpu: string; readonly cores: number };
  readonly build: string;
  readonly planHash: string;
  readonly scenarios: Readonly<Record<string, ScenarioCalibration>>;
}
