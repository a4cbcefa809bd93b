/** The static configuration of the gateway, where a scenario has hosts in it: a file that is there before the gateway starts. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { GatewayDriver } from '../model/ports.ts';
import { type TestRoute, createRouteTable } from '../model/route-table.ts';
import type { StaticHosts } from '../model/static-hosts.ts';

interface Plain {
  readonly scenario: Scenario;
  /** Of the trial. */
  readonly folder: string;
  readonly driver: GatewayDriver;
  readonly upstream: URL;
}

/** Undefined where the scenario has none in it. */
export function staticHosts({ scenario, folder, driver, upstream }: Plain): StaticHosts | undefined {
  const { fixed } = createRouteTable(scenario);
  if (fixed.length === 0) return undefined;
  const { staticConfig } = driver;
  // Scenarios that need one are skipped before anything runs.
  if (staticConfig === undefined) throw new HarnessError('USAGE', `${driver.name} has no static configuration`);
  // In a folder of its own: a container does not see what takes the place of a single file that it was given.
  const own = path.join(folder, 'static');
  mkdirSync(own, { recursive: true });
  const file = path.join(own, 'hosts.json');
  const write = (routes: readonly TestRoute[]): void => {
    // At once: a worker may start at any moment.
    writeFileSync(`${file}.next`, staticConfig(routes.map((route) => ({ ...route, upstream }))));
    renameSync(`${file}.next`, file);
  };
  write(fixed);
  return { file, write };
}
