/** The sentence of each outcome of an invariant, for a tired reader. */
import { arms } from '../model/plan.ts';
import type { Setting } from './finding.ts';
import {
  breachedTrials,
  isTold,
  type BlockOutcome,
  type Breaches,
  type InvariantExpectation,
  type Ruling,
} from './invariant-rule.ts';
import { firstLook } from './looks.ts';
import { turnWords } from './oracles/fault-words.ts';
import { oracles } from './oracles/index.ts';
import type { Breach, Oracle } from './oracles/oracle.ts';
import { plural, span } from './words.ts';

export function sentence(
  setting: Setting,
  expectation: InvariantExpectation,
  outcomes: readonly BlockOutcome[],
  breaches: Breaches,
  ruling: Ruling,
): string {
  const { plan, canary, stable } = setting;
  const name = plan.scenario.name;
  const oracle = oracles[expectation.oracle];
  const untold = untoldWords(outcomes);
  const told = outcomes.length - blocksUntold(outcomes);
  const ofStable = `stable: ${breaches.stable.length + breaches.twin.length} of ${plural(told * 2, 'trial')}`;
  const inBlocks = `in ${breaches.canary.length} of ${plural(told, 'block')} of ${name}`;
  const what = (arm: 'canary' | 'stable' | 'twin'): string =>
    whatBroke(oracle, breachedTrials(outcomes.filter(isTold), arm));
  const stableBreached = breaches.stable.length + breaches.twin.length > 0;
  if (breaches.canary.length > 0 && stableBreached)
    return `known weakness: canary ${canary} ${oracle.breaks} ${inBlocks}, and so does stable ${stable} (${ofStable}): ${what('canary')}`;
  if (breaches.canary.length > 0) {
    const seen = `canary ${canary} ${oracle.breaks} ${inBlocks}: ${what('canary')} (${ofStable})`;
    return ruling.decision === 'regression'
      ? seen
      : `${seen}; ${plural(ruling.blocksNeeded ?? 0, 'more block')} of the same seeds must rule out chance`;
  }
  if (ruling.decision === 'inconclusive' || ruling.decision === 'invalid') {
    const needed = `${expectation.oracle}: ${told} of the ${plural(firstLook(plan).blocks, 'block')} that are needed could be judged`;
    return untold === '' ? needed : `${needed}; ${untold}`;
  }
  if (stableBreached) {
    const broke = `stable ${stable} ${oracle.breaks} in ${name} (${ofStable}: ${what(breaches.stable.length > 0 ? 'stable' : 'twin')})`;
    return ruling.decision === 'safe'
      ? `${broke}; canary ${canary} never did in ${plural(told, 'block')}: it repairs a weakness of stable`
      : `known weakness of stable: ${broke}; the canary did not in ${plural(told, 'block')}, too few to show that it is free of it`;
  }
  const held = `${expectation.oracle} held in all ${told * 3} trials`;
  return untold === '' ? held : `${held} that could be judged; ${untold}`;
}

function whatBroke(oracle: Oracle, breached: readonly Breach[]): string {
  const kinds = new Set(breached.map(({ during }) => during));
  const [during] = kinds;
  const counted = oracle.counted(span(breached.map(({ count }) => count)), kinds.size === 1 ? during : undefined);
  return kinds.size === 1 ? `${counted}${turnWords(breached)}` : counted;
}

function blocksUntold(outcomes: readonly BlockOutcome[]): number {
  return outcomes.filter((outcome) => !isTold(outcome)).length;
}

function untoldWords(outcomes: readonly BlockOutcome[]): string {
  const reasons = outcomes.flatMap(({ block, arms: a }) =>
    arms.flatMap((arm) => {
      const outcome = a[arm];
      return outcome.state === 'cannot-tell' ? [`${outcome.why} (${arm}, block ${block})`] : [];
    }),
  );
  const [first] = reasons;
  if (first === undefined) return '';
  return `cannot tell: ${first}${reasons.length === 1 ? '' : `, and ${plural(reasons.length - 1, 'more trial')}`}`;
}
