/** Decides one invariant: asks its oracle about every trial, and rules over the blocks. */
import { arms } from '../model/plan.ts';
import type { Pointer } from '../model/verdict.ts';
import type { Judged, Setting } from './finding.ts';
import { breachesOf, isTold, rule, type BlockOutcome, type InvariantExpectation } from './invariant-rule.ts';
import { sentence } from './invariant-sentences.ts';
import { firstLook } from './looks.ts';
import { ask } from './oracles/index.ts';
import { rounded } from './round.ts';

/** Pointers of one breached trial that a finding carries; the count says how much there was. */
export const pointersPerTrial = 10;

export function invariantFinding(setting: Setting, expectation: InvariantExpectation): Judged {
  const { plan, blocks } = setting;
  const outcomes: readonly BlockOutcome[] = blocks.valid.map(({ block, trials: { stable, twin, canary } }) => ({
    block,
    arms: {
      stable: ask(expectation.oracle, stable, plan.scenario, [twin, canary]),
      twin: ask(expectation.oracle, twin, plan.scenario, [stable, canary]),
      canary: ask(expectation.oracle, canary, plan.scenario, [stable, twin]),
    },
  }));
  const told = outcomes.filter(isTold);
  const breaches = breachesOf(told);
  const ruling = rule(breaches, told.length, outcomes.length, firstLook(plan).blocks);
  return {
    finding: {
      scenario: plan.scenario.name,
      expectation,
      subject: expectation.oracle,
      decision: ruling.decision,
      because: sentence(setting, expectation, outcomes, breaches, ruling),
      ...(ruling.p === undefined ? {} : { pValue: rounded(ruling.p) }),
      breaches,
      evidence: blocks.valid.flatMap(({ block }, i) => pointersOf(outcomes[i], block)),
    },
    blocksNeeded: ruling.blocksNeeded,
  };
}

function pointersOf(outcome: BlockOutcome | undefined, block: number): readonly Pointer[] {
  return arms.flatMap((arm) => {
    const told = outcome?.arms[arm];
    if (told?.state !== 'breached') return [];
    return told.pointers.slice(0, pointersPerTrial).map((p) => ({ ...p, text: `block ${block}, ${arm}: ${p.text}` }));
  });
}
