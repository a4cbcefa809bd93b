/** A run that is under way, as its files tell. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Phase } from './history.ts';
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
  readonly phase: Phase;
  /** How long the phase has lasted by the last that was recorded of it; milliseconds. */
  readonly inPhaseMs: number;
  /** What is to happen when. */
  readonly asked: Pick<Scenario, 'phases' | 'timeline'> | undefined;
  /** It is driven for CPU profiles, after the verdict, and nobody judges it. */
  readonly profiled: boolean;
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
  readonly profiled: boolean;
}

export interface LiveRun {
  /** Name of its folder. */
  readonly id: string;
  readonly stable: string;
  readonly canary: string;
  /** Trials of the first planned look of every scenario. */
  readonly planned: number;
  readonly running: readonly LiveTrial[];
  /** In the order in which they ended. */
  readonly ended: readonly EndedTrial[];
}
