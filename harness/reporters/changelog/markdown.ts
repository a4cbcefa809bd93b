/** Release notes as a comment for a pull request. */
import type { ChangelogReport, HeldEntry, LabelledEntry } from '../../model/changelog.ts';
import { literal } from '../markdown.ts';
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

/** Rows of the open table; a comment is read, not searched. */
const mostRows = 30;

export function changelogMarkdown(report: ChangelogReport): string {
  const { from, to, missing, notes, run } = report;
  const entries = byWeight(report.entries).filter((entry) => !isQuiet(entry));
  const folded = byWeight(report.entries).filter(isQuiet);
  const open = run === undefined ? [] : unexplained(run.moves);
  const untold = untoldWords(report);
  const lines = [
    `## Release notes ${literal(from)} → ${literal(to)}`,
    '',
    literal(summary(report)),
    ...list([...missing.map(({ version, why }) => `${version}: ${why}`), ...notes]),
    ...(entries.length === 0 ? [] : ['', ...table(entries.slice(0, mostRows))]),
    ...(entries.length > mostRows ? ['', `and ${entries.length - mostRows} more, see changelog.json`] : []),
    ...(open.length === 0 ? [] : ['', '### Unexplained', ...list(open.map(moveWords))]),
    ...(untold === undefined ? [] : ['', literal(untold)]),
    ...(folded.length === 0 ? [] : ['', '### The rest', ...list(folded.slice(0, mostRows).map(quiet))]),
    ...(folded.length > mostRows ? ['', `and ${folded.length - mostRows} more, see changelog.json`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function list(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [] : ['', ...texts.map((text) => `- ${literal(text)}`)];
}

function table(entries: readonly (LabelledEntry | HeldEntry)[]): readonly string[] {
  const rows = entries.map((entry) => {
    const verdict = isHeld(entry)
      ? `${verdictSign[entry.verdict]} ${verdictWord[entry.verdict]}`
      : entry.breaking.value;
    const because = isHeld(entry) ? entry.because : entry.breaking.because;
    return [verdict, entry.type.value, entry.areas[0].value, `${entry.text}${prWords(entry)}`, because].map(literal);
  });
  const head = [entries.some(isHeld) ? 'verdict' : 'breaking', 'type', 'area', 'entry', 'because'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function quiet(entry: LabelledEntry | HeldEntry): string {
  const verdict = isHeld(entry) ? `${verdictWord[entry.verdict]}, ${entry.because}: ` : '';
  return `${verdict}${entry.text}${prWords(entry)}`;
}
