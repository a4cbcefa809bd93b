/** How long clients were held up at each size of the table, and the exponent of the growth: what `stall-growth` is made of. */
import { median } from 'simple-statistics';
import type { TrialEvidence } from '../../model/evidence.ts';
import { arms } from '../../model/plan.ts';
import { stallsBySize } from '../../model/stalls.ts';
import type { Finding } from '../../model/verdict.ts';
import { markup, type Markup } from './markup.ts';
import { place } from './place.ts';
import { table } from './table.ts';
import { number } from './units.ts';

/** Undefined where no such finding is. */
export function stallTable(findings: readonly Finding[], trials: readonly TrialEvidence[]): Markup | undefined {
  const finding = findings.find(({ subject }) => subject === 'stall-growth');
  if (finding === undefined) return undefined;
  const ordered = trials
    .toSorted((a, b) => a.block - b.block || arms.indexOf(a.arm) - arms.indexOf(b.arm))
    .map((trial) => ({ trial, stalls: stallsBySize(trial.history) }));
  const sizes = [...new Set(ordered.flatMap(({ stalls }) => stalls.map(({ routes }) => routes)))];
  const columns = sizes.toSorted((a, b) => a - b);
  const shown = table({
    caption: 'Longest stall while changes were applied, ms',
    head: ['block', 'arm', ...columns.map((routes) => `${routes} routes`), 'exponent', 'record'],
    rows: ordered.map(({ trial, stalls }) => [
      trial.block,
      trial.arm,
      ...columns.map((size) => stallAt(stalls.find(({ routes }) => routes === size)?.longestMs)),
      exponentOf(finding, trial),
      place(`${trial.folder}/history.ndjson`),
    ]),
  });
  return markup`<h3>Longest stall by the size of the table</h3>
<p>The median over the seconds of each size of the longest latency in a second. The exponent is the slope of its logarithm over
that of the routes: 0 of a table that is changed in place, 1 of one that is rebuilt for each change.</p>
${shown}`;
}

function stallAt(longestMs: readonly number[] | undefined): string {
  return longestMs === undefined ? '–' : number(median([...longestMs]));
}

/** The judge's own, which leaves short stalls out. */
function exponentOf({ values = [] }: Finding, { block, arm }: TrialEvidence): string {
  const value = values.find((one) => one.block === block && one.arm === arm)?.value ?? null;
  return value === null ? 'no value' : number(Math.log2(value));
}
