/** What the judge reads: everything of a run that was saved, and nothing else. */
import type { History, Phase } from './history.ts';
import type { Arm, Plan } from './plan.ts';

/** Latency of one phase, from the intended send: an HDR histogram in microseconds, in its standard base64 form. */
export interface PhaseLatency {
  readonly phase: Phase;
  readonly histogram: string;
  /** Requests that the plan asked for, that were sent, and that were answered rightly. */
  readonly planned: number;
  readonly sent: number;
  readonly ok: number;
  readonly errors: Readonly<Record<string, number>>;
  /** 99th percentile of the lateness of the sends in milliseconds: the load engine's own fault. */
  readonly sendLatenessP99Ms: number;
}

export interface TrialEvidence {
  readonly scenario: string;
  readonly block: number;
  readonly arm: Arm;
  readonly seed: number;
  /** Of the host's clock when the clock of the trial was 0, ISO 8601: for logs, which tell the time of day. */
  readonly startedAt?: string;
  /** Folder of the trial inside the run folder, for links. */
  readonly folder: string;
  readonly state: 'completed' | 'invalid' | 'aborted';
  /** Why it is invalid or aborted. */
  readonly reason?: string;
  readonly history: History;
  readonly latency: readonly PhaseLatency[];
}

/** A scenario of the plan that was not tried, and what the host, or a gateway, lacks for it. */
export interface Skipped {
  readonly scenario: string;
  readonly reason: string;
}

export interface Evidence {
  readonly plan: Plan;
  readonly skipped?: readonly Skipped[];
  readonly trials: readonly TrialEvidence[];
}

/** What one process of a trial printed. */
export interface TrialLogFile {
  /** Inside the run folder. */
  readonly file: string;
  /** Of the workload, such as `gateway`. */
  readonly name: string;
  readonly text: string;
}
