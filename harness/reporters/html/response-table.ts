/** Single requests that an arm answered otherwise than both others, with both answers. */
import { arms } from '../../model/plan.ts';
import type { ResponseDiff, ResponseDiffs } from '../../model/verdict.ts';
import { plural } from '../words.ts';
import { markup, type Markup } from './markup.ts';
import { folded, table } from './table.ts';
import { number } from './units.ts';

export function responseTable({ asked, differ, shown }: ResponseDiffs): Markup {
  const all = `${plural(asked, 'request')} were asked of every arm`;
  if (differ === 0) return markup`<p>${all}; none was answered by one arm otherwise than by both others.</p>`;
  const rows = shown.map((diff) => [
    diff.request,
    ...arms.toReversed().map((arm) => diff.alone[arm].join(', ') || '–'),
    number(diff.eValue),
    diff.lead ? 'yes' : 'no',
    answers(diff),
  ]);
  const head = ['request', ...arms.toReversed().map((arm) => `${arm} alone in blocks`), 'e-value', 'lead', 'answers'];
  return markup`<h3>Answers that differ</h3>
<p>${all}; ${differ} of them an arm answered otherwise than both others. They are leads: the invariant decides.</p>
${table({ caption: 'Requests with an answer of one arm alone', head, rows, limit: shown.length })}`;
}

function answers({ by, answer, others }: ResponseDiff): Markup {
  return folded('both', markup`<p>${by}</p><pre>${answer}</pre><p>the others</p><pre>${others}</pre>`);
}
