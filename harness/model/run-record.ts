/** A run as the history database keeps it: enough to list it, and to follow its numbers over years, without its folder. */
import type { TrialEvidence } from './evidence.ts';
import type { Arm } from './plan.ts';
import type { Decision, Finding, Interval } from './verdict.ts';

/** `recheck`: blocks that a nightly adds before it raises an alarm. They belong to no series. */
export type RunKind = 'canary' | 'run' | 'nightly' | 'recheck';

/** What a list of runs shows. */
export interface RunHead {
  readonly id: string;
  readonly kind: RunKind;
  /** The nightly session that it belongs to; null outside one. */
  readonly night: string | null;
  /** The name under which its numbers are followed: builds change under it from night to night. */
  readonly pair: string;
  readonly stable: string;
  readonly canary: string;
  /** ISO 8601 in UTC, as the host's clock said. */
  readonly startedAt: string;
  readonly decision: Decision;
  readonly because: string;
  readonly planHash: string;
  readonly seed: number;
  /** Commit of the checkout; null outside one. */
  readonly git: string | null;
  /** Hosts whose numbers may stand in one series. */
  readonly hostClass: string;
  readonly node: string;
  readonly etcd: string;
  readonly folder: string;
}

export interface TrialHead extends Pick<TrialEvidence, 'scenario' | 'block' | 'arm' | 'state'> {
  readonly reason: string | null;
}

/** One trial's number for one metric. */
export interface MetricValue {
  readonly scenario: string;
  readonly metric: string;
  readonly block: number;
  readonly arm: Arm;
  /** On the scale of the test: a kind of logarithm, higher is worse. */
  readonly y: number;
  /** In the metric's own unit. */
  readonly value: number;
  /** The true value is at least this. */
  readonly censored: boolean;
}

export type FindingHead = Pick<Finding, 'scenario' | 'subject' | 'decision' | 'because'> & {
  readonly estimate: number | null;
  readonly interval: Interval | null;
  readonly pValue: number | null;
};

/** One run's point of the series of one metric: what the trend is made of. */
export interface MetricPoint {
  readonly scenario: string;
  readonly metric: string;
  /** Mean over the blocks of the canary's y less the mean of the two stable arms': 0 when nothing differs. */
  readonly contrast: number;
  /** Mean y of the two stable arms. */
  readonly level: number;
  /** Standard deviation of one trial's y, from the two stable arms of each block. */
  readonly twinSd: number;
  /** Valid blocks. */
  readonly blocks: number;
  /** Medians over the trials, in the metric's own unit. */
  readonly stableValue: number;
  readonly canaryValue: number;
}

export interface RunRecord extends RunHead {
  readonly trials: readonly TrialHead[];
  readonly values: readonly MetricValue[];
  readonly findings: readonly FindingHead[];
  readonly points: readonly MetricPoint[];
  /** Of each scenario a hash of what it says: a scenario that was changed begins its series anew. */
  readonly scenarioHashes: Readonly<Record<string, string>>;
}

/** The name of a series of points. */
export interface SeriesName {
  readonly pair: string;
  readonly scenario: string;
  readonly metric: string;
}

/** A point with the run that it comes from, in the order of the nights. */
export interface SeriesPoint extends MetricPoint {
  /** Number of the run in the database. */
  readonly run: number;
  readonly runId: string;
  readonly startedAt: string;
  readonly stable: string;
  readonly canary: string;
  readonly git: string | null;
  readonly decision: Decision;
}

export interface Series extends SeriesName {
  /** Of the host class and of the form of the scenario that the newest point has. */
  readonly points: readonly SeriesPoint[];
}

export function seriesWords({ pair, scenario, metric }: SeriesName): string {
  return `${metric} of ${scenario} (${pair})`;
}
