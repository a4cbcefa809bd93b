/** What a metric is: one number per trial, on a log scale for the test and in its own unit for people. */
import type { TrialEvidence } from '../../model/evidence.ts';

export type Measured =
  | {
      readonly state: 'measured';
      /** For the test: a log-type scale, higher is worse. */
      readonly y: number;
      /** For people, in the metric's unit. */
      readonly value: number;
      /** The true value is at least this; the trial ended before it was reached. */
      readonly censored: boolean;
    }
  /** `no-power`: there was data, but too little for this metric. `no-data`: there was none, or it is broken. */
  | { readonly state: 'missing'; readonly cause: 'no-power' | 'no-data'; readonly why: string };

/** A `share` is told in per cent; `times` is a ratio within the trial, such as to its own baseline. */
export type Unit = 'ms' | 'µs' | 'KiB' | 'MiB' | 'requests' | 'connections' | 'share' | 'times';

export interface MetricDefinition {
  readonly noun: string;
  readonly unit: Unit;
  /**
   * Standard deviation of y between fresh deployments of one build, built in until a host calibrates its own. It moves
   * the power of the test, never its error.
   */
  readonly trialSd: number;
  /** The metric's own constants, stated in the verdict. */
  readonly constants: Readonly<Record<string, number>>;
  /** The file of a trial's folder that it is measured from. */
  readonly record: 'latency.json' | 'history.ndjson';
  /** What a value that is only a lower bound means, as a clause about the canary. */
  readonly censoredMeans?: string;
  measure(trial: TrialEvidence): Measured;
}

export function noData(why: string): Measured {
  return { state: 'missing', cause: 'no-data', why };
}

export function noPower(why: string): Measured {
  return { state: 'missing', cause: 'no-power', why };
}

export function exactly(y: number, value: number): Measured {
  return { state: 'measured', y, value, censored: false };
}
