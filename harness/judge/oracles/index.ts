/** The table of oracles: an invariant without one does not compile. */
import type { Invariant, Scenario } from '../../../scenarios/scenario.ts';
import type { TrialEvidence } from '../../model/evidence.ts';
import { boundedCost } from './bounded-cost.ts';
import { boundedPressure } from './bounded-pressure.ts';
import { conformance } from './conformance.ts';
import { converge } from './converge.ts';
import { noGrossHarm } from './no-gross-harm.ts';
import { monotonic } from './monotonic.ts';
import { noLostUpdate } from './no-lost-update.ts';
import { noPhantom } from './no-phantom.ts';
import { noResurrection } from './no-resurrection.ts';
import type { Oracle, Outcome } from './oracle.ts';
import { readOnly } from './read-only.ts';
import { serveLastGood } from './serve-last-good.ts';
import { staysUp } from './stays-up.ts';

export const oracles: { readonly [K in Invariant]: Oracle } = {
  'serve-last-good': serveLastGood,
  converge,
  'no-lost-update': noLostUpdate,
  'no-gross-harm': noGrossHarm,
  'stays-up': staysUp,
  monotonic,
  'no-resurrection': noResurrection,
  'no-phantom': noPhantom,
  'read-only': readOnly,
  'bounded-pressure': boundedPressure,
  'bounded-cost': boundedCost,
  conformance,
};

/** Asks an oracle. One that throws cannot tell: a broken record must not pass for a good one. */
export function ask(
  invariant: Invariant,
  trial: TrialEvidence,
  scenario: Scenario,
  peers: readonly TrialEvidence[] = [],
): Outcome {
  try {
    return oracles[invariant].check(trial, scenario, peers);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { state: 'cannot-tell', why: `the record makes no sense: ${why}` };
  }
}
