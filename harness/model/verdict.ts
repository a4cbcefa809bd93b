/** What the judge says. `verdict.json` is this, serialised; reporters read nothing else for decisions. */
import type { Expectation } from '../../scenarios/scenario.ts';
import type { Arm } from './plan.ts';

/** `skipped`: this host cannot do the scenario. Nothing was tried, so nothing may pass for it. */
export type Decision = 'safe' | 'regression' | 'inconclusive' | 'invalid' | 'skipped' | 'known-weakness';

/** A place in the evidence: file inside the run folder and line, counted from 1. */
export interface Pointer {
  readonly file: string;
  readonly line?: number;
  readonly text: string;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One trial's number for one metric, in the metric's own unit (ms, share), for tables and plots. */
export interface TrialValue {
  readonly block: number;
  readonly arm: Arm;
  readonly value: number | null;
}

export interface Finding {
  readonly scenario: string;
  readonly expectation: Expectation;
  /** Name of the metric or oracle. */
  readonly subject: string;
  readonly decision: Decision;
  /** One sentence a tired SRE understands. */
  readonly because: string;
  /** Canary over stable as a ratio (1.10 = 10 % worse), with its confidence interval. Metrics only. */
  readonly estimate?: number;
  readonly interval?: Interval;
  readonly confidence?: number;
  readonly tolerance?: number;
  readonly minimumEffect?: number;
  readonly pValue?: number;
  /** Blocks in which the invariant broke, by arm. Invariants only. */
  readonly breaches?: Readonly<Record<Arm, readonly number[]>>;
  readonly values?: readonly TrialValue[];
  readonly evidence: readonly Pointer[];
}

export interface ScenarioVerdict {
  readonly scenario: string;
  readonly claim: string;
  readonly decision: Decision;
  /** Why it was skipped. */
  readonly because?: string;
  readonly blocks: { readonly used: number; readonly invalid: number };
  readonly findings: readonly Finding[];
  /** Further blocks that would decide, when the decision is `inconclusive`; `null` when more would not help. */
  readonly blocksNeeded: number | null;
}

export interface Verdict {
  readonly schema: 1;
  readonly decision: Decision;
  /** The sentence for the terminal: which arm did what, in which scenario. */
  readonly because: string;
  readonly stable: string;
  readonly canary: string;
  readonly planHash: string;
  /** Every constant that moved the verdict. */
  readonly constants: Readonly<Record<string, number | string>>;
  readonly scenarios: readonly ScenarioVerdict[];
}
