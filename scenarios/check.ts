/** Checks the values of a scenario that its types cannot: times that fit, shares that add up. */
import { isByzantine } from './byzantine.ts';
import { milliseconds as ms } from './duration.ts';
import type { Scenario } from './scenario.ts';

/** Every mistake as a sentence; empty when the scenario can be planned. */
export function scenarioMistakes(scenario: Scenario): readonly string[] {
  const { name, phases, timeline, writes, table, load, gateway, convergeWithin } = scenario;
  const mistakes: string[] = [];
  const unless = (good: boolean, mistake: string): void => void (good || mistakes.push(`scenario ${name}: ${mistake}`));
  unless(/^[a-z][a-z0-9-]*$/.test(name), 'its name must be lower-case words joined by hyphens');
  for (const [index, { at, hold }] of timeline.entries()) {
    const fits = ms(at) + ms(hold) <= ms(phases.fault);
    unless(fits, `step ${index + 1} (at ${at}, hold ${hold}) does not end within the fault phase of ${phases.fault}`);
  }
  for (const [index, { fault }] of timeline.entries()) {
    const { connection = 1, share = 1 } = 'connection' in fault || 'share' in fault ? fault : {};
    const step = `step ${index + 1} (${fault.kind})`;
    unless(Number.isInteger(connection) && connection > 0, `${step}: connections are counted from 1`);
    unless(share > 0 && share <= 1, `${step}: its share must be above 0 and at most 1`);
    const written = !isByzantine(fault) || fault.breaksPromisesOfEtcd;
    unless(written, `${step}: etcd never does this, so breaksPromisesOfEtcd: true has to be written out`);
  }
  unless(
    ms(convergeWithin) > ms(phases.settle),
    `convergeWithin (${convergeWithin}) must exceed settle (${phases.settle})`,
  );
  const { create, update, delete: remove } = writes.mix;
  unless(Math.abs(create + update + remove - 1) < 1e-9, 'the shares of create, update and delete must add up to 1');
  unless(writes.ratePerSecond > 0 && load.ratePerSecond > 0, 'the rates of load and writes must be positive');
  unless(
    whole(gateway.workers, 1) && whole(load.connections, 1),
    'workers and connections must be whole numbers from 1',
  );
  unless(whole(table.settled, 0) && whole(table.ballast, 0), 'routes of the table must be whole numbers');
  unless(table.settled > 0, 'without settled routes there is nothing to send load to');
  for (const mistake of conformanceMistakes(scenario)) unless(false, mistake);
  return mistakes;
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

function whole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}
