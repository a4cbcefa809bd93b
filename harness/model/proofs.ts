/** Whether everything that a timeline planned was proven to have taken hold. */
import type { Scenario } from '../../scenarios/scenario.ts';
import { plannedSteps } from '../../scenarios/timeline.ts';
import type { History, Observation } from './history.ts';

type Of<K extends Observation['kind']> = Extract<Observation, { readonly kind: K }>;

/** Injections without a proof of their effect; undefined when each has one. A step that repeats has as many as times. */
export function unproven(scenario: Scenario, history: History): string | undefined {
  const planned = plannedSteps(scenario).reduce((sum, { times }) => sum + times, 0);
  // Those of a tail are numbered on after the timeline's.
  const mine = ({ step }: Of<'fault'>): boolean => step < scenario.timeline.length;
  const proven = new Set(
    history.flatMap((o) =>
      o.kind === 'fault' && o.edge === 'verified' && mine(o) ? [`${o.step}/${o.turn ?? 1}`] : [],
    ),
  );
  return proven.size < planned ? `${planned - proven.size} of ${planned} faults have no proof of effect` : undefined;
}
