/** The rule for an invariant over the blocks: breaches that only the canary has, and how likely chance gives them to it. */
import type { Arm } from '../model/plan.ts';
import type { Expectation } from '../../scenarios/scenario.ts';
import type { Decision } from '../model/verdict.ts';
import type { Breach, Outcome } from './oracles/oracle.ts';

export type InvariantExpectation = Extract<Expectation, { readonly kind: 'invariant' }>;

export const invariantAlpha = 0.05;
/** Distinct blocks in which only the canary breaches, before chance is ruled out: the smallest v with 3⁻ᵛ ≤ alpha. */
export const decisiveBlocks: number = Math.ceil(Math.log(1 / invariantAlpha) / Math.log(3));

export interface BlockOutcome {
  readonly block: number;
  readonly arms: Readonly<Record<Arm, Outcome>>;
}

/** The blocks in which an arm broke the invariant. */
export type Breaches = Readonly<Record<Arm, readonly number[]>>;

export interface Ruling {
  readonly decision: Decision;
  readonly p?: number;
  readonly blocksNeeded: number | null;
}

/**
 * The rule, over the blocks in which all three arms could be told:
 * - only the canary breached, in v distinct blocks: if the builds were alike, chance would have picked the canary each
 *   time with p = 3⁻ᵛ. Regression when p ≤ 0.05 (v ≥ 3), else inconclusive, wanting 3 − v replays.
 * - the canary breached and a stable arm too: known weakness.
 * - only stable arms breached: not the canary's fault. Safe when chance would hardly have spared the canary
 *   (p ≤ 0.05: it repairs the weakness), else known weakness, for nothing shows that the canary is free of it.
 * - nobody breached: safe once the first look's number of blocks could be told; until then inconclusive, or invalid
 *   when there were enough blocks, but their records cannot tell.
 */
export function rule(breaches: Breaches, told: number, run: number, first: number): Ruling {
  const v = breaches.canary.length;
  const stable = new Set([...breaches.stable, ...breaches.twin]);
  const missing = first - told;
  if (v > 0 && stable.size === 0) {
    const p = 3 ** -v;
    return p <= invariantAlpha
      ? { decision: 'regression', p, blocksNeeded: null }
      : { decision: 'inconclusive', p, blocksNeeded: Math.max(decisiveBlocks - v, missing) };
  }
  if (v > 0) return { decision: 'known-weakness', blocksNeeded: null };
  if (missing > 0) return { decision: run >= first ? 'invalid' : 'inconclusive', blocksNeeded: missing };
  if (stable.size === 0) return { decision: 'safe', blocksNeeded: null };
  const spared = sparedByChance(breaches);
  return { decision: spared <= invariantAlpha ? 'safe' : 'known-weakness', p: spared, blocksNeeded: null };
}

/** Chance that the canary has none of the breaches: in a block with m breaches of three it is spared with 1 − m/3. */
function sparedByChance({ stable, twin }: Breaches): number {
  return [...new Set([...stable, ...twin])].reduce((p, block) => {
    const m = Number(stable.includes(block)) + Number(twin.includes(block));
    return p * (1 - m / 3);
  }, 1);
}

/** Who broke the invariant in which blocks. */
export function breachesOf(told: readonly BlockOutcome[]): Breaches {
  const of = (arm: Arm): readonly number[] =>
    told.filter(({ arms: a }) => a[arm].state === 'breached').map(({ block }) => block);
  return { stable: of('stable'), twin: of('twin'), canary: of('canary') };
}

/** The breaches of one arm, of all blocks. */
export function breachedTrials(outcomes: readonly BlockOutcome[], arm: Arm): readonly Breach[] {
  return outcomes.flatMap(({ arms: a }) => (a[arm].state === 'breached' ? [a[arm]] : []));
}

/** A block counts only whole: with an arm that cannot tell, the labels of the others are not exchangeable. */
export function isTold({ arms: { stable, twin, canary } }: BlockOutcome): boolean {
  return [stable, twin, canary].every(({ state }) => state !== 'cannot-tell');
}
