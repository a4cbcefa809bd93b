/** What a timeline means in time: when each step may begin, how often it is played, and when it is surely over. */
import { milliseconds } from './duration.ts';
import type { Scenario, Step } from './scenario.ts';

/** Milliseconds from the start of the fault phase. */
export interface PlannedStep {
  readonly step: Step;
  /** The two differ when it comes `after` another: the proof of that one comes at any moment of its hold. */
  readonly earliestMs: number;
  readonly latestMs: number;
  /** How often it is played; 1 when it does not repeat. */
  readonly times: number;
  /** From one start to the next. */
  readonly periodMs: number;
  /** The end of its last hold, if it begins as late as it may. */
  readonly overMs: number;
}

/** In the order of the timeline. How often a step is played follows from the scenario alone, so every trial does the same. */
export function plannedSteps({ timeline, phases }: Pick<Scenario, 'timeline' | 'phases'>): readonly PlannedStep[] {
  return timeline.map((step) => plannedStep(step, timeline, milliseconds(phases.fault)));
}

function plannedStep(step: Step, timeline: readonly Step[], phaseMs: number): PlannedStep {
  const before = waitsFor(step, timeline) ?? [];
  const earliestMs = [step, ...before].reduce((sum, { at }) => sum + milliseconds(at), 0);
  const latestMs = before.reduce((sum, { hold }) => sum + milliseconds(hold), earliestMs);
  const holdMs = milliseconds(step.hold);
  const periodMs = holdMs + (step.repeat === undefined ? 0 : milliseconds(step.repeat.gap));
  const fitting = periodMs > 0 ? Math.floor((phaseMs - latestMs - holdMs) / periodMs) + 1 : 1;
  const times = step.repeat === undefined ? 1 : (step.repeat.times ?? Math.max(1, fitting));
  return { step, earliestMs, latestMs, times, periodMs, overMs: latestMs + (times - 1) * periodMs + holdMs };
}

/** The steps whose proofs it waits for, the nearest first; undefined when one of them is not there, or waits for this one. */
export function waitsFor(step: Step, timeline: readonly Step[]): readonly Step[] | undefined {
  const before: Step[] = [];
  for (let { after } = step; after !== undefined;) {
    const next = timeline.find(({ id }) => id === after);
    if (next === undefined || next === step || before.includes(next)) return undefined;
    before.push(next);
    ({ after } = next);
  }
  return before;
}
