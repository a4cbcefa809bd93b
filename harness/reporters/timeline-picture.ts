/** The timeline of a scenario as lines of text: its phases to scale, and under them what is broken when. */
import { milliseconds } from '../../scenarios/duration.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

const width = 64;

export function timelinePicture({ phases, timeline }: Scenario): readonly string[] {
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
  const steps = timeline.map(({ at, hold, fault }) => {
    const from = faultMs + milliseconds(at);
    const columns = column(from + milliseconds(hold)) - column(from);
    return `${' '.repeat(column(from))}${'█'.repeat(Math.max(1, columns))} ${fault.kind}`;
  });
  return [`${names.join('')}│ final reads`, ...steps];
}
