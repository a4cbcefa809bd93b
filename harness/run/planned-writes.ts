/** What a trial will write to etcd, by whom: for `plan`. */
import { milliseconds } from '../../scenarios/duration.ts';
import { mostWrites } from '../../scenarios/most-writes.ts';
import { prefixOf } from '../../scenarios/prefix.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { plannedSteps } from '../../scenarios/timeline.ts';
import { groupPrefix } from '../faults/group.ts';
import { injectorOf } from '../faults/index.ts';
import type { FaultScene, PlannedWrites } from '../model/injector.ts';
import type { GatewayDriver } from '../model/ports.ts';
import { createRouteTable } from '../model/route-table.ts';

/** The echo upstream of a trial has another port each time. */
const someUpstream = new URL('http://127.0.0.1:1');

export interface WritesOf extends PlannedWrites {
  readonly by: string;
}

/** Counts are the most that it comes to; keys are those of the driver's layout. */
export function plannedWrites(scenario: Scenario, driver: GatewayDriver): readonly WritesOf[] {
  const prefix = prefixOf(scenario);
  const routeUnder =
    (prefix: string): FaultScene['route'] =>
    (id) =>
      driver.route(prefix, { id, path: '/', seq: 0, upstream: someUpstream });
  const route = routeUnder(prefix);
  const { settled, fixed, ballast, probes, initial } = createRouteTable(scenario);
  const kinds = { settled: settled.slice(0, settled.length - fixed.length), ballast, probe: probes };
  const tables = Object.entries(kinds).filter(([, routes]) => routes.length > 0);
  const faults = plannedSteps(scenario).flatMap(({ step: { fault, hold }, times }, step): readonly WritesOf[] => {
    const counts = { settled: settled.length, fixed: fixed.length, ballast: ballast.length };
    const theirs = routeUnder(groupPrefix(fault, prefix));
    const scene = { step, holdMs: milliseconds(hold), ...counts, route: theirs };
    const planned = injectorOf(fault).writes?.(fault, scene);
    return planned === undefined
      ? []
      : [{ by: `step ${step + 1}, ${fault.kind}`, count: times * planned.count, keys: planned.keys }];
  });
  return [
    {
      by: 'the table',
      count: initial.length,
      keys: tables.map(([kind, routes]) => `${route(`${kind}-0`)[0].key} … ${routes.length - 1}`).join(', '),
    },
    {
      by: 'the writer',
      count: mostWrites(scenario),
      keys: `${route('probe-')[0].key}…, ${route('created-')[0].key}…`,
    },
    ...faults,
  ];
}
