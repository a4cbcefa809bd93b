/** The command line that plays a stored plan again. */
import { isDeepStrictEqual } from 'node:util';
import { catalogue } from '../../scenarios/catalogue.ts';
import { engineOf, sentBy } from '../../scenarios/load-engine.ts';
import type { Plan } from '../model/plan.ts';

/** The same builds, scenarios, seed and number of blocks give a plan with the same hash, also without the run folder. */
export function replayCommand({ builds, scenarios, seed, runtime }: Plan, runFolder: string): string {
  const engine = scenarios.map(({ scenario }) => engineOf(scenario.load))[0] ?? 'built-in';
  const known = scenarios.every(({ scenario }) =>
    catalogue.some((each) => isDeepStrictEqual(sentBy(each, engine), scenario)),
  );
  if (!known) return `gatecrash replay ${runFolder}`;
  const names = scenarios.map(({ scenario }) => scenario.name);
  const looks = scenarios[0]?.looks ?? [];
  const load = engine === 'built-in' ? '' : ` --load ${engine}`;
  const how = runtime === 'process' ? load : `${load} --runtime ${runtime}`;
  const single = scenarios[0]?.blocks[0]?.order.length === 1;
  if (single)
    return `gatecrash run ${names.join(' ')} --gateway ${builds.canary.name} --seed ${seed} --trials ${looks[0]?.blocks ?? 1}${how}`;
  const blocks = looks.length === 1 ? ` --blocks ${looks[0]?.blocks ?? 3}` : '';
  return `gatecrash canary --stable ${builds.stable.name} --canary ${builds.canary.name} --scenario ${names.join(' ')} --seed ${seed}${blocks}${how}`;
}

/** Each scenario alone, by its name: its blocks have the same seeds then, since every scenario draws its own. */
export function replayEach(plan: Plan, runFolder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    plan.scenarios.map((one) => [one.scenario.name, replayCommand({ ...plan, scenarios: [one] }, runFolder)]),
  );
}
