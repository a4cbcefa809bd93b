/** The table of oracles: an invariant without one does not compile. */
import type { Invariant, Scenario } from '../../../scenarios/scenario.ts';
import type { TrialEvidence } from '../../model/evidence.ts';
import { converge } from './converge.ts';
import { noGrossHarm } from './no-gross-harm.ts';
import { noLostUpdate } from './no-lost-update.ts';
import type { Oracle, Outcome } from './oracle.ts';
import { serveLastGood } from './serve-last-good.ts';

export const oracles: { readonly [K in Invariant]: Oracle } = {
  'serve-last-good': serveLastGood,
  converge,
  'no-lost-update': noLostUpdate,
  'no-gross-harm': noGrossHarm,
};

/** Asks an oracle. One that throws cannot tell: a broken record must not pass for a good one. */
export function ask(invariant: Invariant, trial: TrialEvidence, scenario: Scenario): Outcome {
  try {
    return oracles[invariant].check(trial, scenario);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { state: 'cannot-tell', why: `the record makes no sense: ${why}` };
  }
}
