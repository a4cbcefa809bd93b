/** Sorts the trials of one scenario into blocks: those that count, those that do not, and why. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { TrialEvidence } from '../model/evidence.ts';
import { arms, type Arm } from '../model/plan.ts';
import type { Pointer } from '../model/verdict.ts';
import { tripped } from './guards.ts';
import { pointer } from './history.ts';

/** A complete block whose three trials were experiments. */
export interface Block {
  readonly block: number;
  readonly trials: Readonly<Record<Arm, TrialEvidence>>;
}

export interface InvalidBlock {
  readonly block: number;
  /** By arm. */
  readonly reasons: readonly string[];
  /** What a gateway did not do, by arm; the canary's only where both stable arms were tried to their end. */
  readonly down: Readonly<Partial<Record<Arm, Pointer>>>;
}

export interface Blocks {
  /** In order of their numbers. */
  readonly valid: readonly Block[];
  /** Blocks with a trial that was no experiment. */
  readonly invalid: readonly InvalidBlock[];
  /** Blocks of which an arm is missing: interrupted, or still running. */
  readonly incomplete: readonly { readonly block: number; readonly missing: readonly Arm[] }[];
}

export function blocksOf(scenario: Scenario, trials: readonly TrialEvidence[]): Blocks {
  const numbers = [...new Set(trials.map(({ block }) => block))].toSorted((a, b) => a - b);
  const valid: Block[] = [];
  const invalid: InvalidBlock[] = [];
  const incomplete: { block: number; missing: Arm[] }[] = [];
  for (const block of numbers) {
    const of = (arm: Arm): TrialEvidence | undefined => trials.find((t) => t.block === block && t.arm === arm);
    const [stable, twin, canary] = [of('stable'), of('twin'), of('canary')];
    const reasons = [stable, twin, canary].flatMap((trial) =>
      trial === undefined ? [] : tripped(trial, scenario).map((reason) => `${trial.arm} ${reason}`),
    );
    const others = [stable, twin].filter((trial) => trial !== undefined && tripped(trial, scenario).length === 0);
    const down = { ...downOf(stable), ...downOf(twin), ...(others.length < 2 ? {} : downOf(canary)) };
    if (reasons.length > 0) invalid.push({ block, reasons, down });
    else if (stable === undefined || twin === undefined || canary === undefined)
      incomplete.push({ block, missing: arms.filter((arm) => of(arm) === undefined) });
    else valid.push({ block, trials: { stable, twin, canary } });
  }
  return { valid, invalid, incomplete };
}

function downOf(trial: TrialEvidence | undefined): InvalidBlock['down'] {
  if (trial === undefined) return {};
  const index = trial.history.findIndex(({ kind }) => kind === 'down');
  const down = trial.history[index];
  return down?.kind === 'down' ? { [trial.arm]: pointer(trial, index, down.detail) } : {};
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
