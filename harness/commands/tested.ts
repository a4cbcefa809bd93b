/** The builds that a plan puts under test, each once, with their drivers. */
import { driverOf } from '../gateways/index.ts';
import type { Build } from '../model/build.ts';
import type { Plan } from '../model/plan.ts';
import type { GatewayDriver } from '../model/ports.ts';

export interface TestedBuild {
  readonly named: Build;
  /** Its name. */
  readonly build: string;
  readonly driver: GatewayDriver;
}

export function testedBy({ builds, scenarios }: Pick<Plan, 'builds' | 'scenarios'>): readonly TestedBuild[] {
  const arms = new Set(scenarios.flatMap(({ blocks }) => blocks.flatMap(({ order }) => order)));
  const named = new Map([...arms].map((arm) => [builds[arm].name, builds[arm]]));
  return [...named].map(([build, named]) => ({ build, named, driver: driverOf(named) }));
}
