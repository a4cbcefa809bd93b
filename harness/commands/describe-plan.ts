/** A plan in words: what happens when, whether this host can do it, how long it takes, what it writes. */
import { engineOf } from '../../scenarios/load-engine.ts';
import { prefixOf } from '../../scenarios/prefix.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type Stage, lacksFor } from '../faults/lacks.ts';
import { asPlayed } from '../faults/stand-ins.ts';
import { driverOf } from '../gateways/index.ts';
import type { Host } from '../model/host.ts';
import type { Plan, ScenarioPlan } from '../model/plan.ts';
import { timelinePicture } from '../reporters/timeline-picture.ts';
import { blockMs } from '../run/expected-time.ts';
import { plannedWrites } from '../run/planned-writes.ts';
import { fallsBack, stepLines } from './describe-steps.ts';
import { powerLines } from './power-lines.ts';
import { testedBy } from './tested.ts';

/** Lines. `host`: the one that would play it. */
export function describePlan(plan: Plan, host: Host): readonly string[] {
  const { builds, scenarios, seed, hash } = plan;
  const stage = { host, gateways: testedBy(plan) };
  const lacking = scenarios.filter(({ scenario }) => lacksFor(asPlayed(scenario, stage), stage) !== undefined);
  const otherwise = scenarios.filter(({ scenario }) => fallsBack(scenario, stage));
  const able = scenarios.filter((each) => !lacking.includes(each));
  const atLeast = able.reduce((sum, each) => sum + firstLook(each) * blockMs(each), 0);
  const atMost = able.reduce((sum, each) => sum + each.blocks.length * blockMs(each), 0);
  return [
    `stable ${builds.stable.name}   canary ${builds.canary.name}   seed ${seed}`,
    `plan ${hash}`,
    `takes ${seconds(atLeast)}${atMost > atLeast ? `, at most ${seconds(atMost)} to decide` : ''} on this host`,
    ...(lacking.length === 0 ? [] : [`skips ${namesOf(lacking)}: see ✗ below`]),
    ...(otherwise.length === 0 ? [] : [`falls back in ${namesOf(otherwise)}: see ↷ below`]),
    ...scenarios.flatMap((each) => [...describeScenario(each, plan, stage), ...powerLines(plan, each)]),
  ];
}

function namesOf(scenarios: readonly ScenarioPlan[]): string {
  return scenarios.map(({ scenario }) => scenario.name).join(', ');
}

function firstLook({ looks }: ScenarioPlan): number {
  return looks[0]?.blocks ?? 0;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}

const coldTail =
  '  tail      cold: watches lost and etcd compacted, then a worker killed, then the gateway; final reads once more';

function describeScenario(scenarioPlan: ScenarioPlan, { builds }: Plan, stage: Stage): readonly string[] {
  const { scenario, looks, blocks } = scenarioPlan;
  const { load, writes, table, expectations } = scenario;
  const [first = '', ...rest] = timelinePicture(scenario);
  const ms = blockMs(scenarioPlan);
  return [
    '',
    `${scenario.name}: ${scenario.claim}`,
    `  table     ${table.settled} settled routes, ${table.ballast} ballast under ${prefixOf(scenario)}; ${writes.ratePerSecond} writes/s; ${load.ratePerSecond} requests/s${sender(scenario)}`,
    `  phases    ${first}`,
    ...rest.map((line) => `            ${line}`),
    ...stepLines(scenario, stage),
    ...(scenario.tail === undefined ? [] : [coldTail]),
    ...lackLines(scenario, stage),
    ...plannedWrites(scenario, driverOf(builds.canary)).map(
      ({ by, count, keys }) => `  writes    ${by}: ${count} to ${keys}`,
    ),
    `  expects   ${expectations.map((one) => (one.kind === 'invariant' ? one.oracle : `${one.metric} no worse than +${one.tolerance * 100} %`)).join(', ')}`,
    `  blocks    ${looks.map((look) => `${look.blocks} (${seconds(look.blocks * ms)}, alpha ${look.alpha})`).join(', then ')}; arms ${scenario.arms}`,
    ...blocks.slice(0, firstLook(scenarioPlan)).map(({ block, order }) => `  block ${block}   ${order.join(', ')}`),
  ];
}

function sender({ load }: Scenario): string {
  const engine = engineOf(load);
  return engine === 'built-in' ? '' : ` by ${engine}${load.script === undefined ? '' : ', a script of its own'}`;
}

/** Of what the timeline does not show. */
function lackLines(scenario: Scenario, stage: Stage): readonly string[] {
  const lack = lacksFor({ ...scenario, timeline: [] }, stage);
  return lack === undefined ? [] : [`  ✗         ${lack}`];
}
