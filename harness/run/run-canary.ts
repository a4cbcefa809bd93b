/** A canary check: block after block until the judge has decided, each block one trial of every arm in random order. */
import type { Evidence } from '../model/evidence.ts';
import type { Plan, Trial } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { type NextBlock, nextBlock } from './next-block.ts';
import type { TrialOutcome } from './run-trial.ts';

export interface CanaryDeps {
  /** Deploys one arm and drives it once. Never rejects for what a gateway does. */
  readonly runTrial: (trial: Trial, stop: AbortSignal) => Promise<TrialOutcome>;
  /** Everything saved so far, and what the judge makes of it. */
  readonly judged: () => { readonly evidence: Evidence; readonly verdict: Verdict };
  /** Whether there is no time for another block. */
  readonly outOfTime: () => boolean;
}

/** Resolves with the last verdict; rejects with the signal's reason when stopped. */
export async function runCanary(plan: Plan, deps: CanaryDeps, stop: AbortSignal): Promise<Verdict> {
  for (;;) {
    const { evidence, verdict } = deps.judged();
    const next = nextBlock(plan, evidence, verdict);
    if (next === undefined || deps.outOfTime()) return verdict;
    await runBlock(plan, next, deps, stop);
    stop.throwIfAborted();
  }
}

async function runBlock(
  plan: Plan,
  { plan: { scenario }, block }: NextBlock,
  deps: CanaryDeps,
  stop: AbortSignal,
): Promise<void> {
  const trials = block.order.map((arm): Trial => ({ scenario, block, arm, build: plan.builds[arm] }));
  switch (scenario.arms) {
    case 'side-by-side':
      await Promise.all(trials.map((trial) => deps.runTrial(trial, stop)));
      break;
    case 'in-turn':
      for (const trial of trials) {
        if (stop.aborted) return;
        await deps.runTrial(trial, stop);
      }
      break;
  }
}
