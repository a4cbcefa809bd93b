/** One finding: its sentence, and for a metric its interval and values. */
import { arms } from '../../model/plan.ts';
import type { Finding, Pointer, TrialValue } from '../../model/verdict.ts';
import { effect } from '../words.ts';
import { badge } from './badge.ts';
import { ratioChart } from './charts/ratio-chart.ts';
import { valuesChart } from './charts/values-chart.ts';
import { markup, type Markup } from './markup.ts';
import { place } from './place.ts';
import { folded, table } from './table.ts';
import { metricWords, number } from './units.ts';

export function findingCard(id: string, finding: Finding): Markup {
  const { subject, decision, because, evidence } = finding;
  return markup`<article id="${id}" class="finding ${decision}"><h3><code>${subject}</code> ${badge(decision)}</h3>
<p>${because}</p>
${numbers(finding)}
${metricParts(id, finding)}
${evidence.length === 0 ? undefined : folded(`Evidence (${evidence.length})`, pointerList(evidence))}
</article>`;
}

function numbers(finding: Finding): Markup | undefined {
  const { estimate, breaches, pValue, eValue } = finding;
  const steady = eValue === undefined ? '' : `; steady blocks: e-value ${number(eValue)}`;
  if (estimate !== undefined) return markup`<p class="numbers">Canary against stable: ${effect(finding)}${steady}</p>`;
  if (breaches === undefined) return undefined;
  const counts = arms.toReversed().map((arm) => `${arm} ${breaches[arm].length}`);
  const p = pValue === undefined ? '' : `; by chance alone with p ${number(pValue)}`;
  return markup`<p class="numbers">Blocks in which it broke: ${counts.join(', ')}${p}</p>`;
}

function metricParts(id: string, finding: Finding): Markup | undefined {
  const { expectation, values = [] } = finding;
  if (expectation.kind !== 'no-worse') return undefined;
  const { metric } = expectation;
  const { title, unit } = metricWords[metric];
  return markup`<p class="unit">${title}, ${unit}</p>
${ratioChart(`${id}-ratio`, finding)}
${valuesChart(`${id}-values`, metric, values)}
${values.length === 0 ? undefined : folded('The values as a table', valueTable(finding, values), 'data')}`;
}

function valueTable({ expectation }: Finding, values: readonly TrialValue[]): Markup | undefined {
  if (expectation.kind !== 'no-worse') return undefined;
  const { title, unit, factor } = metricWords[expectation.metric];
  const blocks = Map.groupBy(values, ({ block }) => block);
  const shown = arms.filter((arm) => values.some((value) => value.arm === arm));
  return table({
    caption: `${title}, ${unit}`,
    head: ['block', ...shown],
    rows: [...blocks].map(([block, ofBlock]) => [
      block,
      ...shown.map((arm) => {
        const value = ofBlock.find((one) => one.arm === arm)?.value ?? null;
        return value === null ? 'no value' : number(value * factor);
      }),
    ]),
  });
}

const shownPointers = 40;

function pointerList(pointers: readonly Pointer[]): Markup {
  const more = pointers.length - shownPointers;
  return markup`<ul>${pointers
    .slice(0, shownPointers)
    .map(({ file, line, text }) => markup`<li>${text}: ${place(file, line)}</li>\n`)}</ul>
${more > 0 ? markup`<p class="more">and ${more} more, see <code>verdict.json</code></p>` : undefined}`;
}
