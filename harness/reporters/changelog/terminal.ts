/** Release notes in a terminal. */
import type { ChangelogReport, HeldEntry, LabelledEntry } from '../../model/changelog.ts';
import { plain } from '../plain.ts';
import { wrapped } from '../terminal.ts';
import {
  byWeight,
  isHeld,
  isQuiet,
  moveWords,
  prWords,
  summary,
  unexplained,
  untoldWords,
  verdictSign,
  verdictWord,
} from './words.ts';

/** Lines of entries that say little; the others are all shown. */
const mostQuiet = 20;
const width = 80;

export interface Shown {
  /** The reason of every label. */
  readonly explain: boolean;
}

export function renderChangelog(report: ChangelogReport, { explain }: Shown): string {
  const { from, to, sources, missing, notes, run } = report;
  const quiet = byWeight(report.entries).filter(isQuiet);
  const loud = byWeight(report.entries).filter((entry) => !isQuiet(entry));
  const shown = explain ? quiet : quiet.slice(0, mostQuiet);
  const more = quiet.length - shown.length;
  return [
    `${from} → ${to}`,
    ...sources.map(({ file, dialect, versions }) => plain(`${file}: ${dialect}, ${versions} versions`)),
    ...(run === undefined ? [] : [plain(`held against ${run.canary}, stable ${run.stable}: ${run.decision}`)]),
    '',
    ...wrapped(summary(report), ''),
    ...[...missing.map(({ version, why }) => `${version}: ${why}`), ...notes].flatMap((text) =>
      wrapped(`! ${text}`, ''),
    ),
    ...section('Entries', [
      ...loud.flatMap((entry) => lines(entry, explain)),
      ...shown.flatMap((entry) => quietLines(entry, explain)),
    ]),
    ...(more > 0 ? [`  and ${more} more, see --json`] : []),
    ...(run === undefined ? [] : section('Measured changes', moves(report))),
    ...(run === undefined ? section('Worth running', called(report)) : []),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function head(entry: LabelledEntry | HeldEntry): string {
  const verdict = isHeld(entry) ? `${verdictSign[entry.verdict]} ${verdictWord[entry.verdict]}`.padEnd(17) : '';
  const breaking =
    entry.breaking.value === 'no' ? '' : ` [${entry.breaking.value === 'marked' ? 'breaking' : 'may break'}]`;
  return `  ${verdict}${entry.version} ${entry.type.value}, ${entry.areas[0].value}${breaking}`;
}

function lines(entry: LabelledEntry | HeldEntry, explain: boolean): readonly string[] {
  return [
    plain(head(entry)).trimEnd(),
    ...wrapped(`${entry.text}${prWords(entry)}`, '    '),
    ...(isHeld(entry) ? wrapped(`→ ${entry.because}`, '    ') : []),
    ...(explain ? reasons(entry) : []),
  ].map((line, i) => (i === 0 ? `  ${line.trimStart()}` : line));
}

function quietLines(entry: LabelledEntry | HeldEntry, explain: boolean): readonly string[] {
  if (explain) return lines(entry, true);
  const text = plain(`${head(entry).trimStart()}: ${entry.text}${prWords(entry)}`);
  return [`  ${text.length > width - 2 ? `${text.slice(0, width - 3).toWellFormed()}…` : text}`];
}

function reasons({ type, areas, breaking, claims, alsoIn }: LabelledEntry): readonly string[] {
  return [
    `type ${type.value}: ${type.because}`,
    ...areas.map((area) => `area ${area.value}: ${area.because}`),
    `breaking ${breaking.value}: ${breaking.because}`,
    ...claims.map(({ subject, direction, size, because }) => {
      const number = size === undefined ? '' : ` by a factor of ${Number(size.toPrecision(3))}`;
      return `claims ${subject} ${direction}${number}: ${because}`;
    }),
    ...(alsoIn.length === 0 ? [] : [`also in ${alsoIn.join(', ')}`]),
  ].flatMap((text) => wrapped(`· ${text}`, '      '));
}

function moves(report: ChangelogReport): readonly string[] {
  const { run } = report;
  if (run === undefined) return [];
  const none = run.moves.length === 0 ? ['nothing moved that chance does not explain'] : [];
  const sorted = [...unexplained(run.moves), ...run.moves.filter(({ explainedBy }) => explainedBy.length > 0)];
  const texts = [...none, ...sorted.map(moveWords), untoldWords(report) ?? ''].filter((text) => text !== '');
  return texts.flatMap((text) => wrapped(text, '  '));
}

function called({ called, uncovered }: ChangelogReport): readonly string[] {
  const lines = called.map(({ scenario, calledBy }) => {
    const [first] = calledBy;
    const others = calledBy.length - 1;
    return `  ${scenario}: ${first?.id ?? ''} ${first?.because ?? ''}${others > 0 ? ` (and ${others} more)` : ''}`;
  });
  const bare = uncovered.length === 0 ? [] : [`  no scenario exercises: ${uncovered.join(', ')}`];
  return [...lines, ...bare].flatMap((line) => wrapped(line, '  '));
}
