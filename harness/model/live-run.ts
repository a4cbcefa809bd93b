/** A run that is under way, as its files tell. */
import type { Arm } from './plan.ts';

/** One second of client load. */
export interface LiveSecond {
  /** Seconds since the start of the trial. */
  readonly second: number;
  readonly ok: number;
  readonly errors: number;
  readonly p99Ms: number;
}

export interface LiveTrial {
  readonly scenario: string;
  readonly block: number;
  readonly arm: Arm;
  readonly phase: string;
  /** Kinds of the faults that hold now. */
  readonly faults: readonly string[];
  /** The last seconds of its load. */
  readonly seconds: readonly LiveSecond[];
}

export interface EndedTrial {
  readonly scenario: string;
  readonly block: number;
  readonly arm: Arm;
  readonly state: string;
  readonly reason: string | undefined;
}

export interface LiveRun {
  /** Name of its folder. */
  readonly id: string;
  readonly stable: string;
  readonly canary: string;
  /** Trials of the first planned look of every scenario. */
  readonly planned: number;
  readonly running: readonly LiveTrial[];
  readonly ended: readonly EndedTrial[];
}
