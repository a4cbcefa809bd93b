/** Release notes held against the run. Its filters are check boxes and the style sheet: the page runs no script. */
import type { ChangelogReport, EntryType, HeldEntry, LabelledEntry, Move } from '../../model/changelog.ts';
import {
  byWeight,
  isHeld,
  moveWords,
  prWords,
  summary,
  unexplained,
  untoldWords,
  verdicts,
  verdictSign,
  verdictWord,
} from '../changelog/words.ts';
import { markup, type Markup } from './markup.ts';
import { folded, table } from './table.ts';

/** Rows of the table; the rest is in changelog.json. */
const mostRows = 400;

export function changelogSection(report: ChangelogReport): Markup {
  const { from, to, sources, missing, notes, run } = report;
  const untold = untoldWords(report);
  return markup`<section id="changelog" aria-labelledby="changelog-title">
<h2 id="changelog-title">Release notes ${from} → ${to}</h2>
<p>${summary(report)}. No entry moves the verdict of this run.</p>
<p class="numbers">${sources.map(({ file, dialect }, i) => `${i === 0 ? '' : ', '}${file} (${dialect})`)}</p>
${[...missing.map(({ version, why }) => `${version}: ${why}`), ...notes].map((text) => markup`<p>${text}</p>`)}
${moveTable(run?.moves ?? [])}
${untold === undefined ? undefined : markup`<p>${untold}</p>`}
${filters(report.entries)}
${entryTable(byWeight(report.entries))}
</section>`;
}

function moveTable(moves: readonly Move[]): Markup {
  if (moves.length === 0) return markup`<p>Nothing moved in this run that chance does not explain.</p>`;
  const open = unexplained(moves);
  const rows = [...open, ...moves.filter((move) => !open.includes(move))].map((move) => [
    move.scenario,
    move.subject,
    move.direction,
    move.explainedBy.length > 0
      ? move.explainedBy.join(', ')
      : markup`<strong class="word unexplained">UNEXPLAINED</strong>`,
    moveWords(move),
  ]);
  const head = ['scenario', 'what', 'canary', 'explained by', 'in words'];
  return table({ caption: 'What moved in this run', head, rows, rest: 'changelog.json' });
}

/** One box for each word that there is an entry of, with its count. */
function filters(entries: ChangelogReport['entries']): Markup {
  const ofVerdict = verdicts.map((word) => ({
    id: word,
    title: verdictWord[word],
    count: entries.filter((entry) => isHeld(entry) && entry.verdict === word).length,
  }));
  const types = [...new Set(entries.map(({ type }) => type.value))].toSorted();
  const ofType = types.map((id: EntryType) => ({
    id,
    title: id,
    count: entries.filter(({ type }) => type.value === id).length,
  }));
  return markup`${boxes('Show verdicts', ofVerdict)}${boxes('Show types', ofType)}`;
}

function boxes(
  legend: string,
  choices: readonly { readonly id: string; readonly title: string; readonly count: number }[],
): Markup {
  const used = choices.filter(({ count }) => count > 0);
  if (used.length === 0) return markup``;
  return markup`<fieldset class="filters"><legend>${legend}</legend>
${used.map(
  ({ id, title, count }) =>
    markup`<label><input type="checkbox" id="show-${id}" checked autocomplete="off"> ${title} (${count})</label>\n`,
)}</fieldset>`;
}

function entryTable(entries: ChangelogReport['entries']): Markup {
  const more = entries.length - mostRows;
  const caption = 'Entries between the two versions';
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${['verdict', 'version', 'type', 'area', 'breaking', 'entry', 'because'].map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${entries.slice(0, mostRows).map(entryRow)}</tbody>
</table></div>
${more > 0 ? markup`<p class="more">and ${more} more, see <code>changelog.json</code></p>` : undefined}`;
}

function entryRow(entry: LabelledEntry | HeldEntry): Markup {
  const { version, type, areas, breaking, plugin } = entry;
  const word = isHeld(entry) ? entry.verdict : undefined;
  const said = word === undefined ? '–' : `${verdictSign[word]} ${verdictWord[word]}`;
  const broken = breaking.value === 'no' ? 'no' : markup`<span class="word suspected">${breaking.value}</span>`;
  return markup`<tr class="is-${word ?? 'labelled'} is-${type.value}"><th scope="row"><span class="word ${word ?? ''}">${said}</span></th>
<td>${version}</td><td>${type.value}</td><td>${areas[0].value}${plugin === undefined ? '' : `: ${plugin}`}</td><td>${broken}</td>
<td>${entry.text}${prWords(entry)}</td><td>${isHeld(entry) ? entry.because : breaking.because}${folded('Labels', labels(entry))}</td></tr>\n`;
}

function labels({ type, areas, breaking, claims }: LabelledEntry): Markup {
  return markup`<ul><li>${type.value}: ${type.because}</li>${areas.map((area) => markup`<li>${area.value}: ${area.because}</li>`)}
<li>breaking ${breaking.value}: ${breaking.because}</li>
${claims.map(({ subject, direction, because }) => markup`<li>claims ${subject} ${direction}: ${because}</li>`)}</ul>`;
}
