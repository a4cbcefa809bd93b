/** Scenarios of every kind: any that the schema allows, and such as an operator might have meant, with one slip or none. */
import fc from 'fast-check';
import schema from '../../scenarios/scenario.schema.json' with { type: 'json' };
import type { Duration, Expectation, Mix, Scenario, Step } from '../../scenarios/scenario.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import { fromSchema } from './from-schema.ts';

const any = fromSchema(schema) as fc.Arbitrary<Scenario>;

/** Which parts of a scenario are put right; what is left as it came is a slip. */
const parts = ['name', 'whole', 'shares', 'times', 'order', 'aims', 'effects', 'prefix'] as const;
type Part = (typeof parts)[number];

const slip = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(...parts) },
);

export const scenarios: fc.Arbitrary<Scenario> = fc.oneof(
  { weight: 1, arbitrary: any },
  { weight: 5, arbitrary: fc.tuple(any, slip).map(([scenario, left]) => meant(scenario, left)) },
);

function meant(scenario: Scenario, left: Part | undefined): Scenario {
  const put: Readonly<Record<Part, (it: Scenario) => Scenario>> = {
    name: (it) => ({ ...it, name: 'made' }),
    whole: (it) => ({
      ...it,
      table: { settled: 1 + whole(it.table.settled), ballast: whole(it.table.ballast), static: 1 },
      load: { ratePerSecond: whole(it.load.ratePerSecond), connections: whole(it.load.connections) },
      gateway: { ...it.gateway, workers: whole(it.gateway.workers), beside: 1 },
      writes: { ...it.writes, ratePerSecond: whole(it.writes.ratePerSecond) },
    }),
    shares: (it) => ({
      ...it,
      writes: { ...it.writes, mix: oneInAll(it.writes.mix) },
      timeline: it.timeline.map(mixed),
    }),
    order: (it) => ({ ...it, timeline: it.timeline.map(ordered) }),
    aims: (it) => ({ ...it, timeline: it.timeline.map(aimed) }),
    effects: (it) => {
      const [first, ...others] = it.expectations;
      return { ...it, expectations: [bounded(first), ...others.map(bounded)] };
    },
    times: inTime,
    prefix: (it) => ({ ...it, gateway: { ...it.gateway, prefix: '/made' } }),
  };
  return parts.reduce((it, part) => (part === left ? it : put[part](it)), scenario);
}

function whole(value: number): number {
  return Math.min(1_000, Math.max(1, Math.ceil(value)));
}

function bounded(each: Expectation): Expectation {
  return each.kind === 'no-worse' ? { ...each, minimumEffect: 0.5, tolerance: 1 } : each;
}

function oneInAll(mix: Mix): Mix {
  const [create, update] = [Math.min(1, Math.abs(mix.create)) / 2, Math.min(1, Math.abs(mix.update)) / 2];
  return { create, update, delete: 1 - create - update };
}

function mixed(step: Step): Step {
  const { fault } = step;
  if (fault.kind !== 'routes.flood' || fault.mix === undefined) return step;
  return { ...step, fault: { ...fault, mix: oneInAll(fault.mix) } };
}

/** Every step has an id of its own, and waits for the one before it or for none. */
function ordered(step: Step, index: number): Step {
  const { after, ...rest } = step;
  const waits = after !== undefined && index > 0 ? { after: `s${index - 1}` } : {};
  return { ...rest, ...waits, id: `s${index}` };
}

function aimed(step: Step): Step {
  const { fault } = step;
  const connection = 'connection' in fault ? { connection: whole(fault.connection ?? 1) } : {};
  const share = 'share' in fault ? { share: 0.5 } : {};
  const blocked = fault.kind === 'routes.block' ? { routes: 1 } : {};
  const gateway = 'gateway' in fault ? { gateway: 'first' } : {};
  const lie = 'breaksPromisesOfEtcd' in fault ? { breaksPromisesOfEtcd: true } : {};
  return {
    ...step,
    fault: { ...fault, ...connection, ...share, ...blocked, ...gateway, ...lie } as Step['fault'],
  };
}

/** Steps one after the other in a phase that holds them all, and changes of objects within it. */
function inTime(it: Scenario): Scenario {
  const timeline = it.timeline.map((step, index): Step => {
    const repeat = step.repeat === undefined ? {} : { repeat: { gap: '200ms', times: 3 } as const };
    return { ...step, at: `${index * 2}s`, hold: '300ms', ...repeat };
  });
  const settleMs = Math.min(5_000, milliseconds(it.phases.settle));
  const phases = { ...it.phases, baseline: '1s', fault: '90s', settle: `${settleMs}ms` as Duration } as const;
  const { conformance } = it;
  const edits = conformance?.edits?.map((edit) => ({ ...edit, at: '1s' }) as const);
  const asked = edits === undefined ? {} : { conformance: { ...conformance, edits } as Scenario['conformance'] };
  return { ...it, ...asked, timeline, phases, convergeWithin: '20s' } as Scenario;
}
