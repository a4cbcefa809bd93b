/** Which scenarios the lines of release notes call for, before anything runs. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Area, CalledScenario, LabelledEntry } from '../model/changelog.ts';
import { exercisedBy } from './exercises.ts';

export interface Called {
  readonly called: readonly CalledScenario[];
  /** Areas of suspicious entries that no scenario exercises. */
  readonly uncovered: readonly Area[];
}

/** Scenarios in the order of the catalogue, each with the entries that make it worth running. */
export function calledScenarios(entries: readonly LabelledEntry[], catalogue: readonly Scenario[]): Called {
  const suspicious = entries.flatMap((entry) => {
    const because = whySuspicious(entry);
    return because === undefined ? [] : [{ entry, because, scenarios: exercisedBy(entry, catalogue) }];
  });
  const called = catalogue.flatMap((scenario) => {
    const calledBy = suspicious.flatMap(({ entry, because, scenarios }) =>
      scenarios.includes(scenario) ? [{ id: entry.id, because }] : [],
    );
    return calledBy.length === 0 ? [] : [{ scenario: scenario.name, calledBy }];
  });
  const bare = suspicious.filter(({ scenarios }) => scenarios.length === 0);
  return { called, uncovered: [...new Set(bare.map(({ entry }) => entry.areas[0].value))].toSorted() };
}

/** Undefined for a line that gives no reason to try anything. */
function whySuspicious({ type, areas, breaking, claims }: LabelledEntry): string | undefined {
  if (type.value === 'docs') return undefined;
  if (breaking.value !== 'no')
    return `${breaking.value === 'marked' ? 'breaks users' : 'may break users'}: ${breaking.because}`;
  if (areas[0].value === 'plugin') return undefined;
  if (claims.length > 0) return `claims an effect on ${claims.map(({ subject }) => subject).join(', ')}`;
  if (type.value === 'deps') return 'another version of something used: its line says nothing of what changes';
  return type.value === 'revert' ? 'takes back what was there' : undefined;
}
