/** The timeline of a trial: each step at its time or after the proof of another, as often as it repeats. */
import { setTimeout as sleep } from 'node:timers/promises';
import { milliseconds } from '../../scenarios/duration.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { plannedSteps } from '../../scenarios/timeline.ts';
import { type Stage, type Turn, playTurn, prepareTurn } from './play-step.ts';
import type { Activity } from './together.ts';
import { happened } from './wait.ts';

/** Starts what the first turn of every step needs, before anything is measured. */
export async function prepareTimeline(scenario: Scenario, stage: Stage, signal: AbortSignal): Promise<void> {
  for (const [index, { step, times }] of plannedSteps(scenario).entries())
    await prepareTurn({ step, index, turn: 1, turns: times }, stage, signal);
}

/** An activity for each step, to be started when the fault phase begins. */
export function playTimeline(scenario: Scenario, stage: Stage): readonly Activity[] {
  const steps = plannedSteps(scenario);
  const proofs = steps.map(() => new AbortController());
  return steps.map(({ step, times, periodMs }, index) => async (signal) => {
    const awaited = proofs[scenario.timeline.findIndex(({ id }) => id !== undefined && id === step.after)];
    if (awaited !== undefined) await happened(AbortSignal.any([signal, awaited.signal]), signal);
    const firstMs = performance.now() + milliseconds(step.at);
    for (let turn = 1; turn <= times; turn++) {
      const played: Turn = { step, index, turn, turns: times };
      // In the gap: a step that repeats fifty times needs no fifty processes that wait.
      if (turn > 1) await prepareTurn(played, stage, signal);
      const dueMs = firstMs + (turn - 1) * periodMs - performance.now();
      if (dueMs > 0) await sleep(dueMs, undefined, { signal });
      await playTurn(played, stage, () => proofs[index]?.abort(), signal);
    }
  });
}
