/** What other canary judges would say of the same evidence, by their published rules. */
import type { Metric } from '../../scenarios/scenario.ts';

/** `marginal` is Kayenta's middle; `no-data` of a rule that has nothing to go by. */
export type RivalDecision = 'pass' | 'marginal' | 'fail' | 'no-data';

export interface Said {
  readonly decision: RivalDecision;
  /** The numbers that decided, in a few words. */
  readonly why: string;
}

/** Of the canary, and of the twin: the same build as stable, so that a failure of the twin is a false alarm. */
export interface SaidOfBoth {
  readonly canary: Said;
  readonly twin: Said;
}

export interface RivalScenario extends SaidOfBoth {
  readonly scenario: string;
  readonly metrics: readonly (SaidOfBoth & { readonly metric: Metric })[];
}

export interface RivalVerdict extends SaidOfBoth {
  readonly rival: string;
  /** The rule in a sentence, with its constants. */
  readonly rule: string;
  readonly scenarios: readonly RivalScenario[];
}
