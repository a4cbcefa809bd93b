/** The timeline of a scenario as lines of text: its phases to scale, and under them what is broken when. */
import { milliseconds } from '../../scenarios/duration.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type PlannedStep, plannedSteps } from '../../scenarios/timeline.ts';

const width = 64;

/** A step that comes after a proof is drawn as early as it may begin: proofs mostly come at once. */
export function timelinePicture(scenario: Scenario): readonly string[] {
  const { phases } = scenario;
  const entries = Object.entries(phases).map(([name, length]) => ({ name, length, ms: milliseconds(length) }));
  const totalMs = entries.reduce((sum, { ms }) => sum + ms, 0);
  // Edges are rounded, not lengths, so that what begins together stands together.
  const column = (ms: number): number => Math.round((ms / totalMs) * width);
  let endMs = 0;
  const names = entries.map(({ name, length, ms }) => {
    const from = column(endMs);
    endMs += ms;
    const columns = column(endMs) - from;
    return `│${name} ${length}`.slice(0, columns).padEnd(columns);
  });
  const faultMs = milliseconds(phases.warmup) + milliseconds(phases.baseline);
  const steps = plannedSteps(scenario).map((planned) => {
    const { fault, after } = planned.step;
    const times = planned.times === 1 ? '' : ` ×${planned.times}`;
    return `${bars(planned, faultMs, column)} ${fault.kind}${times}${after === undefined ? '' : ` after ${after}`}`;
  });
  return [`${names.join('')}│ final reads`, ...steps];
}

/** A bar for each turn, at least one column wide and apart from the one before where there is room. */
function bars(
  { step, earliestMs, times, periodMs }: PlannedStep,
  faultMs: number,
  column: (ms: number) => number,
): string {
  let line = '';
  for (let turn = 0; turn < times; turn++) {
    const fromMs = faultMs + earliestMs + turn * periodMs;
    const from = column(fromMs);
    const to = Math.max(from + 1, column(fromMs + milliseconds(step.hold)));
    line = line.padEnd(from) + '█'.repeat(Math.max(0, to - Math.max(from, line.length)));
  }
  return line;
}
