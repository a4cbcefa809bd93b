/** What a trend alarm is, as the history keeps it. */
import type { SeriesName } from './run-record.ts';

/** `version`: the canary drifts away from stable. `environment`: stable itself drifts, so the lab has changed. */
export type Drift = 'version' | 'environment';

/** `unchecked`: there was no time to look again. `went-away`: the blocks of the same night did not show it. */
export type AlarmState = 'confirmed' | 'unchecked' | 'went-away';

export interface RaisedAlarm extends SeriesName {
  readonly drift: Drift;
  readonly state: AlarmState;
  /** The run that raised it, and the first run after the change; numbers of the database. */
  readonly run: number;
  readonly since: number;
  /** The e-detector's value and the threshold that it reached. */
  readonly evidence: number;
  readonly threshold: number;
  /** How far the series moved, on the scale of y. */
  readonly shift: number;
}

export interface StoredAlarm extends RaisedAlarm {
  readonly id: number;
  /** Accepted as the new normal: the series begins a new segment after its point of this run. */
  readonly acknowledged: { readonly afterRun: number; readonly note: string } | null;
}

/** It stands until someone acknowledges it; one that went away never did. */
export function isStanding({ acknowledged, state }: StoredAlarm): boolean {
  return acknowledged === null && state !== 'went-away';
}
