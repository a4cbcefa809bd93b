/** What the judge says. `verdict.json` is this, serialised; reporters read nothing else for decisions. */
import type { Expectation } from '../../scenarios/scenario.ts';
import type { Arm } from './plan.ts';

/** `skipped`: this host, or a gateway, cannot do the scenario. Nothing was tried, so nothing may pass for it. */
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
  /**
   * Where nothing is broken on purpose: how much the blocks speak against "worse by no more than the minimum effect", after any
   * of them. Metrics only; a lead, the p value decides.
   */
  readonly eValue?: number;
  /** Blocks in which the invariant broke, by arm. Invariants only. */
  readonly breaches?: Readonly<Record<Arm, readonly number[]>>;
  readonly values?: readonly TrialValue[];
  readonly evidence: readonly Pointer[];
}

/**
 * Single requests that an arm answered otherwise than both others. They are leads for whoever looks for the cause, and decide
 * nothing: that is the invariant `conformance`.
 */
export interface ResponseDiffs {
  /** Requests that were asked of all three arms. */
  readonly asked: number;
  /** How many of them an arm answered alone in its way, in some block. */
  readonly differ: number;
  /** What speaks most against the canary first; not more than `responseDiffs.shown`. */
  readonly shown: readonly ResponseDiff[];
}

export interface ResponseDiff {
  readonly request: string;
  /** Blocks in which that arm, and no other, stood alone. */
  readonly alone: Readonly<Record<Arm, readonly number[]>>;
  /** Against "the canary stands alone no more often than each of the others": 1 says nothing, 20 is much. */
  readonly eValue: number;
  /** Worth a look: one in ten of these is chance, whatever the requests have to do with each other (e-BH). */
  readonly lead: boolean;
  /** In one such block: by whom, and that of the two others. */
  readonly by: Arm;
  readonly answer: string;
  readonly others: string;
}

export interface ScenarioVerdict {
  readonly scenario: string;
  readonly claim: string;
  readonly decision: Decision;
  /** Why it was skipped. */
  readonly because?: string;
  readonly blocks: { readonly used: number; readonly invalid: number };
  readonly findings: readonly Finding[];
  /** Where single requests were asked. */
  readonly responses?: ResponseDiffs;
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
