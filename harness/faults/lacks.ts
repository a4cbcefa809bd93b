/** What a host lacks for a scenario, asked before anything runs. */
import type { Fault, Scenario } from '../../scenarios/scenario.ts';
import type { Host } from '../model/host.ts';
import { injectorOf } from './index.ts';

/** Why the host cannot do the fault; undefined when it can. */
export function lackFor(fault: Fault, host: Host): string | undefined {
  return injectorOf(fault).lacks?.(host, fault);
}

/** Why the host cannot do the scenario, each step that it cannot do in a sentence; undefined when it can do all. */
export function lacksFor({ timeline }: Scenario, host: Host): string | undefined {
  const lacks = timeline.flatMap(({ fault }, index) => {
    const lack = lackFor(fault, host);
    return lack === undefined ? [] : [`step ${index + 1} (${fault.kind}): ${lack}`];
  });
  return lacks.length === 0 ? undefined : lacks.join('; ');
}
