/** The command line that plays a stored plan again. */
import { isDeepStrictEqual } from 'node:util';
import { catalogue } from '../../scenarios/catalogue.ts';
import type { Plan } from '../model/plan.ts';

/** The same builds, scenarios, seed and number of blocks give a plan with the same hash, also without the run folder. */
export function replayCommand({ builds, scenarios, seed }: Plan, runFolder: string): string {
  const known = scenarios.every(({ scenario }) => catalogue.some((each) => isDeepStrictEqual(each, scenario)));
  if (!known) return `gatecrash replay ${runFolder}`;
  const names = scenarios.map(({ scenario }) => scenario.name);
  const looks = scenarios[0]?.looks ?? [];
  const single = scenarios[0]?.blocks[0]?.order.length === 1;
  if (single)
    return `gatecrash run ${names.join(' ')} --gateway ${builds.canary.name} --seed ${seed} --trials ${looks[0]?.blocks ?? 1}`;
  const blocks = looks.length === 1 ? ` --blocks ${looks[0]?.blocks ?? 3}` : '';
  return `gatecrash canary --stable ${builds.stable.name} --canary ${builds.canary.name} --scenario ${names.join(' ')} --seed ${seed}${blocks}`;
}
