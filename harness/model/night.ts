/** What a nightly session comes to: the words of its summary, and what its exit code follows from. */
import type { SeriesName } from './run-record.ts';
import type { AlarmState, Drift } from './trend-alarm.ts';
import type { Decision } from './verdict.ts';

/** What became of one pair. Without a decision it was not tried, or the harness broke, for the reason in `because`. */
export interface PairOutcome {
  readonly pair: string;
  readonly stable: string;
  readonly canary: string;
  readonly decision: Decision | undefined;
  readonly because: string;
  /** Run folder. */
  readonly folder: string | undefined;
}

export interface NightAlarm extends SeriesName {
  readonly id: number;
  readonly drift: Drift;
  readonly state: AlarmState;
  /** Raised in this night, or before it and not yet acknowledged. */
  readonly fresh: boolean;
  readonly words: string;
}

export interface NightOutcome {
  readonly night: string;
  readonly startedAt: string;
  readonly tookMs: number;
  readonly pairs: readonly PairOutcome[];
  readonly alarms: readonly NightAlarm[];
  /** Of the harness's own troubles, each a sentence. */
  readonly troubles: readonly string[];
}
