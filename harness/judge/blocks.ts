/** Sorts the trials of one scenario into blocks: those that count, those that do not, and why. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { TrialEvidence } from '../model/evidence.ts';
import { arms, type Arm } from '../model/plan.ts';
import { tripped } from './guards.ts';

/** A complete block whose three trials were experiments. */
export interface Block {
  readonly block: number;
  readonly trials: Readonly<Record<Arm, TrialEvidence>>;
}

export interface Blocks {
  /** In order of their numbers. */
  readonly valid: readonly Block[];
  /** Blocks with a trial that was no experiment, with the reasons by arm. */
  readonly invalid: readonly { readonly block: number; readonly reasons: readonly string[] }[];
  /** Blocks of which an arm is missing: interrupted, or still running. */
  readonly incomplete: readonly { readonly block: number; readonly missing: readonly Arm[] }[];
}

export function blocksOf(scenario: Scenario, trials: readonly TrialEvidence[]): Blocks {
  const numbers = [...new Set(trials.map(({ block }) => block))].toSorted((a, b) => a - b);
  const valid: Block[] = [];
  const invalid: { block: number; reasons: string[] }[] = [];
  const incomplete: { block: number; missing: Arm[] }[] = [];
  for (const block of numbers) {
    const of = (arm: Arm): TrialEvidence | undefined => trials.find((t) => t.block === block && t.arm === arm);
    const [stable, twin, canary] = [of('stable'), of('twin'), of('canary')];
    const reasons = [stable, twin, canary].flatMap((trial) =>
      trial === undefined ? [] : tripped(trial, scenario).map((reason) => `${trial.arm} ${reason}`),
    );
    if (reasons.length > 0) invalid.push({ block, reasons });
    else if (stable === undefined || twin === undefined || canary === undefined)
      incomplete.push({ block, missing: arms.filter((arm) => of(arm) === undefined) });
    else valid.push({ block, trials: { stable, twin, canary } });
  }
  return { valid, invalid, incomplete };
}

/** The reasons of the invalid and incomplete blocks, most frequent first, each with its count. */
export function countedReasons(blocks: Blocks): readonly string[] {
  const counts = new Map<string, number>();
  const all = [
    ...blocks.invalid.flatMap(({ reasons }) => reasons),
    ...blocks.incomplete.map(({ missing }) => `${missing.join(' and ')} missing`),
  ];
  for (const reason of all) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([reason, count]) => (count === 1 ? reason : `${reason} (${count} times)`));
}
