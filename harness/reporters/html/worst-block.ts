/** Which block shows best what the canary did: the one with most named breaches, then the worst numbers, then the first. */
import type { TrialEvidence } from '../../model/evidence.ts';
import { arms } from '../../model/plan.ts';
import type { Finding } from '../../model/verdict.ts';

/** The trials of that block, the canary's first; empty when no canary left a record of load. */
export function worstBlock(findings: readonly Finding[], trials: readonly TrialEvidence[]): readonly TrialEvidence[] {
  const candidates = trials.filter(
    ({ arm, history }) => arm === 'canary' && history.some(({ kind }) => kind === 'load'),
  );
  const [worst] = candidates
    .map((trial) => ({ trial, grief: grief(findings, trial) }))
    .toSorted((a, b) => a.trial.block - b.trial.block)
    .toSorted((a, b) => compared(b.grief, a.grief));
  if (worst === undefined) return [];
  return arms
    .toReversed()
    .flatMap((arm) => trials.filter((trial) => trial.arm === arm && trial.block === worst.trial.block));
}

/** Weighed in this order: a trial that counts, breaches, the worst ratio of a metric, load that went wrong. */
function grief(findings: readonly Finding[], trial: TrialEvidence): readonly number[] {
  const breaches = findings
    .filter(({ expectation }) => expectation.kind === 'invariant')
    .flatMap(({ evidence }) => evidence)
    .filter(({ file }) => file.startsWith(`${trial.folder}/`)).length;
  const ratios = findings.flatMap(({ values = [] }) => {
    const of = (arm: string): number | null | undefined =>
      values.find((value) => value.block === trial.block && value.arm === arm)?.value;
    const [canary, stable] = [of('canary'), of('stable')];
    return canary && stable ? [canary / stable] : [];
  });
  const errors = trial.history.reduce((sum, o) => sum + (o.kind === 'load' ? o.sent - o.ok : 0), 0);
  return [trial.state === 'completed' ? 1 : 0, breaches, Math.max(0, ...ratios), errors];
}

function compared(a: readonly number[], b: readonly number[]): number {
  return a.map((value, i) => value - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
