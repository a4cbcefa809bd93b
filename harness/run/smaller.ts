/**
 * Makes a scenario smaller for as long as it still shows what it showed: the simplest first step of whoever has to find
 * the cause. Greedy, as delta debugging is (Zeller and Hildebrandt 2002): no change is tried twice. Pure but for what is asked.
 */
import { scenarioMistakes } from '../../scenarios/check.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { Duration, Scenario, Step } from '../../scenarios/scenario.ts';
import { plannedSteps, waitsFor } from '../../scenarios/timeline.ts';

export interface Smaller {
  /** What is different, such as `without etcd.pause`. */
  readonly change: string;
  readonly scenario: Scenario;
}

/** Shorter ones are no simpler to read. Milliseconds. */
const shortestMs = 250;

/** Resolves with the smallest found. `shows` plays one; when it resolves with undefined, there is no time for more. */
export async function shrink(
  first: Scenario,
  shows: (candidate: Smaller) => Promise<boolean | undefined>,
): Promise<Scenario> {
  let tried = new Set<string>();
  for (let smallest = first; ;) {
    const next = smallerThan(smallest).find(({ change }) => !tried.has(change));
    if (next === undefined) return smallest;
    tried.add(next.change);
    const shown = await shows(next);
    if (shown === undefined) return smallest;
    if (!shown) continue;
    // With a step less, what was needed before may not be; and the steps that are left may have other names.
    if (next.scenario.timeline.length < smallest.timeline.length) tried = new Set();
    smallest = next.scenario;
  }
}

/** All that can be played, the boldest first. The same change has the same words. */
export function smallerThan(scenario: Scenario): readonly Smaller[] {
  const { timeline } = scenario;
  const all = [
    ...timeline.map((step) => without(scenario, step)),
    ...timeline.flatMap((step) => once(scenario, step)),
    ...coveringNoMore(scenario),
    ...timeline.flatMap((step) => shorter(scenario, step)),
    ...fewer(scenario),
  ];
  return all.filter((candidate) => scenarioMistakes(candidate.scenario).length === 0);
}

/** A step goes with all that wait for it. */
function without(scenario: Scenario, step: Step): Smaller {
  const { timeline } = scenario;
  const gone = timeline.filter((each) => each === step || waitsFor(each, timeline)?.includes(step));
  return {
    change: `without ${gone.map((each) => nameOf(each, scenario)).join(' and ')}`,
    scenario: { ...scenario, timeline: timeline.filter((each) => !gone.includes(each)) },
  };
}

function once(scenario: Scenario, step: Step): readonly Smaller[] {
  if (step.repeat === undefined) return [];
  const { repeat: _repeat, ...rest } = step;
  return [{ change: `${nameOf(step, scenario)} once`, scenario: replaced(scenario, step, rest) }];
}

function shorter(scenario: Scenario, step: Step): readonly Smaller[] {
  const smaller: Smaller[] = [];
  if (milliseconds(step.at) > 0)
    smaller.push({
      change: `${nameOf(step, scenario)} at once`,
      scenario: replaced(scenario, step, { ...step, at: '0s' }),
    });
  const hold = halved(step.hold);
  if (hold !== undefined)
    smaller.push({
      change: `${nameOf(step, scenario)} holds ${hold}`,
      scenario: replaced(scenario, step, { ...step, hold }),
    });
  return smaller;
}

/** The fault phase ends with its last step. */
function coveringNoMore(scenario: Scenario): readonly Smaller[] {
  const overMs = Math.max(shortestMs, ...plannedSteps(scenario).map((step) => step.overMs));
  if (overMs >= milliseconds(scenario.phases.fault)) return [];
  return [phase(scenario, 'fault', `${overMs}ms`)];
}

function fewer(scenario: Scenario): readonly Smaller[] {
  const { table, phases } = scenario;
  const smaller: Smaller[] = [];
  if (table.ballast > 0) {
    const ballast = table.ballast < 10 ? 0 : Math.floor(table.ballast / 10);
    smaller.push({ change: `${ballast} routes of ballast`, scenario: { ...scenario, table: { ...table, ballast } } });
  }
  for (const name of ['warmup', 'baseline', 'settle'] as const) {
    const length = halved(phases[name]);
    if (length !== undefined) smaller.push(phase(scenario, name, length));
  }
  return smaller;
}

function phase(scenario: Scenario, name: keyof Scenario['phases'], length: Duration): Smaller {
  return {
    change: `the ${name} phase takes ${length}`,
    scenario: { ...scenario, phases: { ...scenario.phases, [name]: length } },
  };
}

function halved(duration: Duration): Duration | undefined {
  const ms = milliseconds(duration);
  return ms / 2 < shortestMs ? undefined : `${Math.round(ms / 2)}ms`;
}

function replaced(scenario: Scenario, old: Step, step: Step): Scenario {
  return { ...scenario, timeline: scenario.timeline.map((each) => (each === old ? step : each)) };
}

function nameOf(step: Step, { timeline }: Scenario): string {
  const { kind } = step.fault;
  const alike = timeline.filter(({ fault }) => fault.kind === kind);
  return alike.length === 1 ? kind : `${kind} (${alike.indexOf(step) + 1} of ${alike.length})`;
}
