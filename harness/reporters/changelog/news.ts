/** What is new in watched release notes, in a terminal. */
import type { LabelledEntry, WatchedNews } from '../../model/changelog.ts';
import { plain } from '../plain.ts';
import { wrapped } from '../terminal.ts';
import { plural } from '../words.ts';
import { byWeight, prWords } from './words.ts';

/** Lines of entries for one file; the rest is counted. */
const mostLines = 40;

export function renderNews(news: readonly WatchedNews[]): string {
  return news.map((one) => lines(one).join('\n')).join('\n\n');
}

function lines({ watched, firstLook, versions, entries, ported, called }: WatchedNews): readonly string[] {
  const name = plain(watched);
  if (firstLook) return [`${name}: seen for the first time; from the next look on, what is new is shown`];
  if (entries.length === 0 && versions.length === 0) return [`${name}: nothing new`];
  const count = entries.length === 1 ? '1 new entry' : `${entries.length} new entries`;
  const back = ported === 0 ? '' : `, and ${plural(ported, 'line')} known from other versions`;
  const shown = byWeight(entries).slice(0, mostLines);
  const names = called.map(({ scenario }) => scenario);
  return [
    ...wrapped(`${name}: ${count}${versions.length === 0 ? '' : ` in ${versions.join(', ')}`}${back}`, ''),
    ...shown.flatMap((entry) => wrapped(`${head(entry)}: ${entry.text}${prWords(entry)}`, '  ')),
    ...(entries.length > mostLines ? [`  and ${entries.length - mostLines} more, see --json`] : []),
    ...(names.length === 0 ? [] : wrapped(`worth running: ${names.join(' ')}`, '  ')),
  ];
}

function head({ version, type, areas, breaking }: LabelledEntry): string {
  const risk = breaking.value === 'no' ? '' : breaking.value === 'marked' ? ', breaking' : ', may break';
  return `${version} ${type.value}, ${areas[0].value}${risk}`;
}
