/** Checks what the steps of a timeline mean together: who waits for whom, what fits, what would undo another. */
import { isByzantine } from './byzantine.ts';
import { milliseconds as ms } from './duration.ts';
import { etcdMistakes } from './etcd-needs.ts';
import type { Fault, Scenario, Step } from './scenario.ts';
import { type PlannedStep, plannedSteps, waitsFor } from './timeline.ts';

/** A step may not repeat more often than once in so long: a fault, its proof and its heal take their time. Milliseconds. */
const shortestPeriodMs = 100;
/** More take longer to write than a step should hold. */
const mostFilled = 50_000;

export interface ScenarioMistake {
  /** Keys from the root of the scenario to what is wrong. */
  readonly path: readonly string[];
  readonly words: string;
}

export function timelineMistakes(scenario: Scenario): readonly ScenarioMistake[] {
  const { timeline } = scenario;
  const planned = plannedSteps(scenario);
  return planned.flatMap((each, index) => {
    const { step } = each;
    const found = [
      ...faultMistakes(step.fault, scenario),
      ...orderMistakes(step, timeline),
      ...repeatMistakes(each),
      ...fitMistakes(each, scenario),
      ...planned.slice(0, index).flatMap((other, before) => clash(other, before, each)),
    ];
    return found.map(([field, words]) => ({
      path: ['timeline', String(index), ...field],
      words: `scenario ${scenario.name}: step ${index + 1} (${step.fault.kind})${words}`,
    }));
  });
}

/** Where within the step, and a sentence that goes on after its name. */
type Found = readonly (readonly [readonly string[], string])[];

/** TLS tells of the end of a connection, and of pieces, in its own time. */
const hiddenByTls: ReadonlySet<string> = new Set(['network.slice', 'network.slow-close']);

/** With these a further gateway comes. */
const joins: ReadonlySet<string> = new Set(['gateway.scale-out', 'gateway.upgrade']);

/** Whether the process that the gateway was started with ends: what it and its workers take is counted from that one on. */
function replacesMain(fault: Fault): boolean {
  if (fault.kind === 'gateway.kill' || fault.kind === 'gateway.term') return fault.target !== 'worker';
  return fault.kind === 'gateway.restart' || fault.kind === 'gateway.cold-start' || fault.kind === 'gateway.upgrade';
}

function faultMistakes(fault: Fault, scenario: Scenario): Found {
  const { table, etcd, timeline, expectations } = scenario;
  const { connection = 1 } = 'connection' in fault ? fault : {};
  const { share = 1 } = 'share' in fault ? fault : {};
  const found: (readonly [boolean, string])[] = [
    [whole(connection), 'connections are counted from 1'],
    [share > 0 && share <= 1, 'its share must be above 0 and at most 1'],
    [
      !('gateway' in fault) || fault.gateway !== 'further' || timeline.some(({ fault }) => joins.has(fault.kind)),
      'no further gateway is there without gateway.scale-out or gateway.upgrade',
    ],
    [
      !isByzantine(fault) || fault.breaksPromisesOfEtcd,
      'etcd never does this, so breaksPromisesOfEtcd: true has to be written out',
    ],
    [
      (fault.kind !== 'routes.delete-all' && fault.kind !== 'routes.prefix-delete') || table.ballast > 0,
      'without ballast in the table there is nothing to delete',
    ],
    [
      fault.kind !== 'routes.fill' || (whole(fault.routes) && fault.routes <= mostFilled),
      `routes must be a whole number from 1 to ${mostFilled}`,
    ],
    [
      fault.kind !== 'gateway.migrate' || (table.static ?? 0) > 0,
      'without static routes in the table there is no host to move',
    ],
    [
      fault.kind !== 'routes.block' || (Number.isInteger(fault.routes) && fault.routes <= table.ballast),
      `the routes that it blocks must be a whole number of the ballast, which are ${table.ballast}`,
    ],
    [
      !replacesMain(fault) || !expectations.some((one) => one.kind === 'invariant' && one.oracle === 'bounded-cost'),
      'with it bounded-cost can never be told: the main process of the gateway, whose cost is counted, is replaced',
    ],
    [
      !hiddenByTls.has(fault.kind) || !('hop' in fault) || fault.hop !== 'gateway->etcd' || etcd?.tls !== true,
      'neither slices nor a late close can be seen through TLS, so there is no proof of it with etcd: { tls: true }',
    ],
  ];
  if (fault.kind === 'routes.flood' && fault.mix !== undefined) {
    const sum = fault.mix.create + fault.mix.update + fault.mix.delete;
    found.push([Math.abs(sum - 1) < 1e-9, 'the shares of its mix must add up to 1']);
  }
  const words = [...found.flatMap(([good, mistake]) => (good ? [] : [mistake])), ...etcdMistakes(fault, scenario)];
  return words.map((mistake) => [['fault'], `: ${mistake}`]);
}

function orderMistakes(step: Step, timeline: readonly Step[]): Found {
  const ids = timeline.flatMap(({ id }) => id ?? []);
  if (step.id !== undefined && timeline.find(({ id }) => id === step.id) !== step)
    return [[['id'], `: another step has the id "${step.id}" already`]];
  if (step.after === undefined || waitsFor(step, timeline) !== undefined) return [];
  if (!ids.includes(step.after))
    return [
      [
        ['after'],
        `: no step has the id "${step.after}"; ${ids.length === 0 ? 'none has one' : `there are ${ids.join(', ')}`}`,
      ],
    ];
  return [[['after'], `: it comes after "${step.after}", which is never proven: these steps wait for each other`]];
}

function repeatMistakes({ step: { repeat }, periodMs }: PlannedStep): Found {
  if (repeat === undefined) return [];
  const { times = 2 } = repeat;
  if (!Number.isInteger(times) || times < 2)
    return [[['repeat', 'times'], `: it repeats ${times} times; once and again is 2, as a whole number`]];
  if (periodMs < shortestPeriodMs)
    return [[['repeat', 'gap'], `: hold and gap are ${periodMs} ms together; at least ${shortestPeriodMs} are needed`]];
  return [];
}

function fitMistakes({ step, times, overMs, latestMs, earliestMs }: PlannedStep, { phases }: Scenario): Found {
  if (overMs <= ms(phases.fault)) return [];
  const { at, hold, after, repeat } = step;
  const often = repeat === undefined ? '' : `, ${times} times with ${repeat.gap} between`;
  const from = after === undefined ? '' : ` after ${after}`;
  const late =
    latestMs === earliestMs ? '' : `; the proof that it waits for may come as late as ${latestMs - earliestMs} ms in`;
  const words = ` (at ${at}${from}, hold ${hold}${often}) does not end within the fault phase of ${phases.fault}, but ${overMs} ms after its start${late}`;
  return [[[], words]];
}

/** Of two equal faults at one time the first heal would end both. */
function clash(other: PlannedStep, before: number, own: PlannedStep): Found {
  const apart = own.earliestMs > other.overMs || other.earliestMs > own.overMs;
  if (apart || textOf(own.step.fault) !== textOf(other.step.fault)) return [];
  return [[[], `: the same fault as step ${before + 1} at the same time; the heal of one would end both`]];
}

/** The order of its fields does not matter. */
function textOf(fault: Fault): string {
  return JSON.stringify(Object.entries(fault).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function whole(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
