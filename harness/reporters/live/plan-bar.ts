/** Where a trial is in its plan: phases to scale, under them what is broken when, and a line for now. */
import { milliseconds } from '../../../scenarios/duration.ts';
import { plannedSteps } from '../../../scenarios/timeline.ts';
import type { LiveTrial } from '../../model/live-run.ts';
import { type Markup, markup } from '../html/markup.ts';

const [width, phaseHeight, rowHeight] = [440, 18, 16];
/** Of a letter in the picture, about. */
const letter = 7.5;
/** More rows than anybody would read. */
const mostRows = 12;

interface Bar {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export function planBar({ asked, phase, inPhaseMs }: LiveTrial): Markup | undefined {
  if (asked === undefined) return undefined;
  const phases = barsOf(Object.entries(asked.phases).map(([name, length]) => [name, milliseconds(length)]));
  const totalMs = phases.at(-1)?.toMs ?? 0;
  const faultMs = phases.find(({ name }) => name === 'fault')?.fromMs ?? 0;
  const steps = plannedSteps(asked).slice(0, mostRows);
  const x = (ms: number): number => Math.round((ms / totalMs) * width * 10) / 10;
  const rows = steps.map(({ step, earliestMs, times, periodMs }, row) => {
    const turns = Array.from({ length: times }, (_, turn): Bar => {
      const fromMs = faultMs + earliestMs + turn * periodMs;
      return { name: step.fault.kind, fromMs, toMs: fromMs + milliseconds(step.hold) };
    });
    return stepRow(turns, phaseHeight + 4 + row * rowHeight, x);
  });
  const height = phaseHeight + 4 + steps.length * rowHeight;
  const current = phases.find(({ name }) => name === phase);
  const nowMs = current === undefined ? undefined : Math.min(current.toMs, current.fromMs + inPhaseMs);
  const now =
    nowMs === undefined ? undefined : markup`<path d="M${x(nowMs)} 0V${height}" stroke="var(--ink)" stroke-width="2"/>`;
  const words = `timeline: ${whereWords(phases, current, nowMs, phase)}`;
  return markup`<figure><figcaption>${words}</figcaption>
<svg role="img" aria-label="${words}" viewBox="-1 -1 ${width + 2} ${height + 2}">
${phases.map((bar) => phaseBar(bar, bar === current, x))}${rows}${now}</svg></figure>`;
}

function barsOf(lengths: readonly (readonly [name: string, ms: number])[]): readonly Bar[] {
  let toMs = 0;
  return lengths.map(([name, ms]) => ({ name, fromMs: toMs, toMs: (toMs += ms) }));
}

function phaseBar({ name, fromMs, toMs }: Bar, isNow: boolean, x: (ms: number) => number): Markup {
  const [from, to] = [x(fromMs), x(toMs)];
  const fits = name.length * letter + 6 < to - from;
  const word = fits ? markup`<text x="${from + 4}" y="13" fill="var(--ink)">${name}</text>` : undefined;
  const fill = isNow ? 'var(--heat-0)' : 'var(--raised)';
  return markup`<rect x="${from}" y="0" width="${(to - from).toFixed(1)}" height="${phaseHeight}" fill="${fill}" stroke="var(--line)"/>${word}`;
}

/** The name stands in the first bar, or before it where there is more room. */
function stepRow(turns: readonly Bar[], y: number, x: (ms: number) => number): Markup | undefined {
  const [first] = turns;
  if (first === undefined) return undefined;
  const bars = turns.map(({ fromMs, toMs }) => {
    const length = Math.max(2, x(toMs) - x(fromMs)).toFixed(1);
    return markup`<rect x="${x(fromMs)}" y="${y}" width="${length}" height="${rowHeight - 3}" fill="var(--fault)" stroke="var(--canary)"/>`;
  });
  const from = x(first.fromMs);
  const before = from > width / 2;
  const [at, anchor] = before ? [from - 4, 'end'] : [from + 4, 'start'];
  return markup`${bars}<text x="${at}" y="${y + 11}" text-anchor="${anchor}" fill="var(--ink)">${first.name}</text>`;
}

function whereWords(
  phases: readonly Bar[],
  current: Bar | undefined,
  nowMs: number | undefined,
  phase: string,
): string {
  const all = phases.map(({ name, fromMs, toMs }) => `${name} ${seconds(toMs - fromMs)}`).join(', ');
  if (current === undefined || nowMs === undefined) return `${all}; now ${phase}`;
  return `${all}; now ${seconds(nowMs - current.fromMs)} into ${current.name}`;
}

function seconds(ms: number): string {
  return `${Number((ms / 1_000).toFixed(1))} s`;
}
