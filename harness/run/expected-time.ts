/** How long a trial takes when nothing goes wrong, from its own data: for `plan` and for the time left. */
import type { Scenario } from '../../scenarios/scenario.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { ScenarioPlan } from '../model/plan.ts';

/** Deploy, seeding, final reads and tear-down of one trial; measured on two cores. Milliseconds. */
const aroundMs = 3_500;

/** What the cold tail takes: its steps, and two starts of workers. Milliseconds. */
const coldTailMs = 6_000;

/** Milliseconds of one trial. */
function trialMs({ phases, tail }: Scenario): number {
  const phasesMs = Object.values(phases).reduce((sum, length) => sum + milliseconds(length), 0);
  return aroundMs + phasesMs + (tail === 'cold' ? coldTailMs : 0);
}

/** Milliseconds of one block; arms that run side by side take the time of one. */
export function blockMs({ scenario, blocks }: ScenarioPlan): number {
  const arms = blocks[0]?.order.length ?? 0;
  return arms * shareMs(scenario, arms);
}

/** Milliseconds of a block that one of its `arms` trials accounts for. */
export function shareMs(scenario: Scenario, arms: number): number {
  return trialMs(scenario) / (scenario.arms === 'side-by-side' ? arms : 1);
}
