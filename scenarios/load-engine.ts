import type { Load, LoadEngineName, Scenario } from './scenario.ts';

export const loadEngineNames: readonly LoadEngineName[] = ['built-in', 'k6'];

/** Who sends that load. */
export function engineOf({ engine, script }: Load): LoadEngineName {
  return engine ?? (script === undefined ? 'built-in' : 'k6');
}

/** The same scenario, its load sent by that engine. */
export function sentBy(scenario: Scenario, engine: LoadEngineName): Scenario {
  return engineOf(scenario.load) === engine ? scenario : { ...scenario, load: { ...scenario.load, engine } };
}
