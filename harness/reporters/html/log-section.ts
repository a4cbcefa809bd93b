/** What gateway, etcd and the others printed while the faults of a block held and after: the canary's lines, stable's count. */
import type { TrialEvidence } from '../../model/evidence.ts';
import type { ReportContext } from '../reporter.ts';
import { type LogLine, logLines } from './log-lines.ts';
import { markup, type Markup } from './markup.ts';
import { place } from './place.ts';
import { folded, table } from './table.ts';
import { faultStart } from './timeline.ts';
import { plural } from '../words.ts';

/** Lines before the fault that may belong to it. Milliseconds. */
const beforeMs = 1_000;
const mostLines = 60;
/** Of a line. */
const mostCharacters = 400;

/** The same line several times in a row. */
interface Told extends LogLine {
  readonly times: number;
}

/** Undefined when nothing was kept. `shown`: the trials of the block, the canary's first. */
export function logSection(shown: readonly TrialEvidence[], { logs }: ReportContext): Markup | undefined {
  const [canary] = shown;
  const stable = shown.find(({ arm }) => arm === 'stable');
  if (logs === undefined || canary === undefined) return undefined;
  const files = logs(canary.folder);
  const told = gathered(linesOf(canary, logs));
  const chosen = choice(told);
  const links = files.map(({ file, name }, i) => [i === 0 ? '' : ', ', place(file, undefined, `${name}.log`)]);
  return markup`<h3>Logs of the canary in block ${canary.block}</h3>
<p>From a second before the fault phase on. ${counts(told, canary.arm)}${stable === undefined ? '' : `, ${counts(gathered(linesOf(stable, logs)), 'stable')}`}. Whole files: ${links}.</p>
${chosen.length === 0 ? undefined : folded(`${plural(chosen.length, 'line')} of ${told.length}`, lineTable(chosen, canary))}`;
}

function linesOf(trial: TrialEvidence, logs: NonNullable<ReportContext['logs']>): readonly LogLine[] {
  const from = startOf(trial) + faultStart(trial) - beforeMs;
  return logs(trial.folder)
    .flatMap(logLines)
    .filter(({ timeMs }) => timeMs >= from)
    .toSorted((a, b) => a.timeMs - b.timeMs);
}

/** Milliseconds since 1970. */
function startOf({ startedAt }: TrialEvidence): number {
  return startedAt === undefined ? 0 : Date.parse(startedAt);
}

function gathered(lines: readonly LogLine[]): readonly Told[] {
  const told: Told[] = [];
  for (const line of lines) {
    const before = told.at(-1);
    if (before?.text === line.text && before.source === line.source)
      told[told.length - 1] = { ...before, times: before.times + 1 };
    else told.push({ ...line, times: 1 });
  }
  return told;
}

/** When there are too many, those that complain; of these the first. */
function choice(told: readonly Told[]): readonly Told[] {
  if (told.length <= mostLines) return told;
  const complaints = told.filter(({ level }) => level !== 'info');
  return (complaints.length > 0 ? complaints : told).slice(0, mostLines);
}

/** `canary: 12 warnings and errors`. */
function counts(told: readonly Told[], arm: string): string {
  const all = told.filter(({ level }) => level !== 'info').reduce((sum, { times }) => sum + times, 0);
  return `${arm}: ${all === 0 ? 'no warning or error' : `${all} warnings and errors`}`;
}

function lineTable(lines: readonly Told[], trial: TrialEvidence): Markup {
  const zero = startOf(trial) + faultStart(trial);
  return table({
    caption: 'Logs, by second since the fault phase began',
    head: ['second', 'who', 'level', 'line'],
    rows: lines.map(({ timeMs, source, level, text, times }) => [
      ((timeMs - zero) / 1_000).toFixed(2),
      source,
      markup`<span class="level ${level}">${level}</span>`,
      markup`<span class="log">${text.slice(0, mostCharacters)}${text.length > mostCharacters ? ' …' : ''}${times > 1 ? ` (${times} times)` : ''}</span>`,
    ]),
    limit: mostLines,
  });
}
