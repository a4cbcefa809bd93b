/** What an oracle is: it decides one invariant from the record of one trial, and nothing else. */
import type { FaultKind, Scenario } from '../../../scenarios/scenario.ts';
import type { TrialEvidence } from '../../model/evidence.ts';
import type { Pointer } from '../../model/verdict.ts';

/** A breach counts what broke; `during` is the one fault that held when all of it was done, if there is one. */
export interface Breach {
  readonly state: 'breached';
  readonly count: number;
  readonly during?: FaultKind;
  /** In which of its turns, when that fault repeats: `2 of 3`. */
  readonly turns?: readonly string[];
  readonly pointers: readonly Pointer[];
}

/** No data is never good data: a record that cannot show the invariant says so, and why. */
export type Outcome = { readonly state: 'held' } | Breach | { readonly state: 'cannot-tell'; readonly why: string };

export interface Oracle {
  /**
   * May throw on a record that makes no sense; the judge then says "cannot tell". `peers` are the other arms of the block:
   * none when a build is run alone. Whoever looks at them must treat all arms alike.
   */
  check(trial: TrialEvidence, scenario: Scenario, peers: readonly TrialEvidence[]): Outcome;
  /** All that it knows is how a trial differs from the other arms: of a build that is run alone it is not asked. */
  readonly compares?: true;
  /** Numbers that move its outcome, by the name under which the verdict states them. */
  readonly constants?: Readonly<Record<string, number>>;
  /** What a breaking build does: "loses configuration for good". */
  readonly breaks: string;
  /** What was counted, as a clause: `counted('17', …)` = "17 route changes … are still not served …". */
  counted(count: string, during: FaultKind | undefined): string;
}
