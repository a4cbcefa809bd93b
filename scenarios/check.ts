/** Checks the values of a scenario that its types cannot: times that fit, shares that add up. */
import { asksAdmin } from './admin.ts';
import { type ScenarioMistake, timelineMistakes } from './check-timeline.ts';
import { milliseconds as ms } from './duration.ts';
import { isScript, scriptMistakes } from './k6-script.ts';
import { engineOf } from './load-engine.ts';
import { mostWrites } from './most-writes.ts';
import { prefixOf } from './prefix.ts';
import type { Load, Scenario } from './scenario.ts';

/** Every trial writes them anew: tables beyond this take minutes. */
const mostRoutes = 200_000;
/** Each is a gateway with all of its workers. */
const mostBeside = 20;
/** Bytes; etcd takes longer keys, and no gateway's route should be all prefix. */
const longestPrefix = 1_024;

/** Every mistake as a sentence; empty when the scenario can be planned. */
export function scenarioMistakes(scenario: Scenario): readonly ScenarioMistake[] {
  const { name, phases, writes, table, load, gateway, convergeWithin, expectations } = scenario;
  const mistakes: ScenarioMistake[] = [];
  const unless = (good: boolean, path: string, mistake: string): void =>
    void (good || mistakes.push({ path: path.split('.'), words: `scenario ${name}: ${mistake}` }));
  unless(/^[a-z][a-z0-9-]*$/.test(name), 'name', 'its name must be lower-case words joined by hyphens');
  unless(
    ms(convergeWithin) > ms(phases.settle),
    'convergeWithin',
    `convergeWithin (${convergeWithin}) must exceed settle (${phases.settle})`,
  );
  const { create, update, delete: remove } = writes.mix;
  unless(
    Math.abs(create + update + remove - 1) < 1e-9,
    'writes.mix',
    'the shares of create, update and delete must add up to 1',
  );
  unless(writes.ratePerSecond > 0, 'writes.ratePerSecond', 'the rate of writes must be positive');
  unless(load.ratePerSecond > 0, 'load.ratePerSecond', 'the rate of load must be positive');
  unless(whole(gateway.workers, 1), 'gateway.workers', 'workers must be a whole number from 1');
  unless(whole(load.connections, 1), 'load.connections', 'connections must be a whole number from 1');
  unless(whole(table.settled, 0) && whole(table.ballast, 0), 'table', 'routes of the table must be whole numbers');
  unless(table.settled > 0, 'table.settled', 'without settled routes there is nothing to send load to');
  const routes = table.settled + table.ballast + mostWrites(scenario);
  unless(routes <= mostRoutes, 'table', `it would need ${routes} routes, at most ${mostRoutes} are made`);
  for (const [index, each] of expectations.entries()) {
    const sound = each.kind !== 'no-worse' || (each.minimumEffect >= 0 && each.tolerance >= each.minimumEffect);
    unless(sound, `expectations.${index}`, 'an expectation needs 0 ≤ minimumEffect ≤ tolerance');
  }
  const prefix = prefixOf(scenario);
  unless(
    /^\/[^\p{Cc},]*[^/\s\p{Cc},]$/u.test(prefix) && prefix.isWellFormed() && prefix.length <= longestPrefix,
    'gateway.prefix',
    `the prefix must begin with / and not end with one, and have at most ${longestPrefix} characters, none of them a comma or a control character`,
  );
  for (const [path, mistake] of gatewayMistakes(scenario)) unless(false, path, mistake);
  for (const mistake of conformanceMistakes(scenario)) unless(false, 'conformance', mistake);
  for (const mistake of loadMistakes(load)) unless(false, 'load.script', mistake);
  return [...mistakes, ...timelineMistakes(scenario)];
}

/** What stands beside the gateway, in its static configuration, and behind its Admin API: the place of each, and a sentence. */
function gatewayMistakes(scenario: Scenario): readonly (readonly [string, string])[] {
  const { gateway, table, expectations } = scenario;
  const [{ beside = 0 }, { settled, static: fixed = 0 }] = [gateway, table];
  const readOnly = expectations.some((one) => one.kind === 'invariant' && one.oracle === 'read-only');
  const checks: readonly (readonly [boolean, string, string])[] = [
    [whole(beside, 0) && beside <= mostBeside, 'gateway.beside', `from 0 to ${mostBeside} gateways stand beside it`],
    [
      fixed === 0 || (whole(fixed, 1) && fixed < settled),
      'table.static',
      `static routes must be a whole number, and fewer than the ${settled} settled ones that they are of`,
    ],
    [!readOnly || !asksAdmin(scenario), 'expectations', 'read-only cannot hold where the Admin API writes to etcd'],
  ];
  return checks.flatMap(([good, path, mistake]) => (good ? [] : [[path, mistake] as const]));
}

function conformanceMistakes({ conformance, phases, expectations }: Scenario): readonly string[] {
  const asked = expectations.some((one) => one.kind === 'invariant' && one.oracle === 'conformance');
  if (conformance === undefined) return asked ? ['it expects conformance and asks no requests'] : [];
  const { edits = [], requests } = conformance;
  const names = requests.map(({ name, when }) => `${name} ${when ?? ''}`);
  const late = edits.filter(({ at }) => ms(at) > ms(phases.fault));
  return [
    ...late.map(({ at }) => `the edit at ${at} is not within the fault phase of ${phases.fault}`),
    ...(new Set(names).size < names.length ? ['two of its requests have one name'] : []),
  ];
}

function loadMistakes(load: Load): readonly string[] {
  const { script } = load;
  if (script === undefined) return [];
  if (engineOf(load) !== 'k6') return ['a script is for k6, and its load says another engine'];
  if (!isScript(script)) return [`its k6 script is not there, only its name "${script}"`];
  return scriptMistakes(script).map(({ line, words }) => `line ${line} of its k6 script: ${words}`);
}

function whole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}
