/** The runs that are under way: their trials with phase, faults and load. */
import type { LiveRun, LiveSecond, LiveTrial } from '../../model/live-run.ts';
import type { SeriesName } from '../../model/run-record.ts';
import { type Markup, markup } from '../html/markup.ts';
import { table } from '../html/table.ts';
import { plural } from '../words.ts';
import { planBar } from './plan-bar.ts';
import { shell } from './shell.ts';
import { spark } from './spark.ts';

export function livePage(runs: readonly LiveRun[], alarms: readonly SeriesName[]): string {
  return shell('Live', markup`<div id="live">${livePart(runs)}</div>`, { live: true, alarms });
}

/** One line: an event of a stream ends where a line does. */
export function liveEvent(runs: readonly LiveRun[]): string {
  return livePart(runs).markup.replaceAll(/\s*\n\s*/g, ' ');
}

function livePart(runs: readonly LiveRun[]): Markup {
  if (runs.length === 0)
    return markup`<p>No run is under way. The <a href="/history">history</a> has those that ended.</p>`;
  return markup`${runs.map(runSection)}`;
}

function runSection({ id, stable, canary, planned, running, ended }: LiveRun): Markup {
  const judged = ended.filter(({ profiled }) => !profiled);
  const all = Math.max(planned, judged.length + running.filter(({ profiled }) => !profiled).length);
  const invalid = judged.filter(({ state }) => state !== 'completed').length;
  const spoilt = invalid === 0 ? '' : `, ${invalid} of them no experiment`;
  return markup`<section><h2>${id}</h2>
<dl><dt>stable</dt><dd><code>${stable}</code></dd><dt>canary</dt><dd><code>${canary}</code></dd></dl>
<p><progress max="${all}" value="${judged.length}"></progress> ${judged.length} of ${plural(all, 'trial')} ended${spoilt}</p>
${running.map(trialPart)}
${table({
  caption: 'Trials that have ended, the last first',
  head: ['scenario', 'block', 'arm', 'state', 'reason'],
  rows: ended
    .toReversed()
    .map(({ scenario, block, arm, state, reason, profiled }) => [
      scenario,
      block,
      profiled ? `${arm}, profiled` : arm,
      state,
      reason ?? '',
    ]),
  limit: 20,
  rest: `${id}/trials`,
})}</section>`;
}

const lines: readonly (readonly [title: string, of: (second: LiveSecond) => number])[] = [
  ['requests answered rightly, per second', ({ ok }) => ok],
  ['requests not answered rightly, per second', ({ errors }) => errors],
  ['p99 of the latency, ms', ({ p99Ms }) => p99Ms],
];

function trialPart(trial: LiveTrial): Markup {
  const { scenario, block, arm, phase, profiled, faults, seconds } = trial;
  const holding = faults.length === 0 ? 'no fault holds' : faults.join(', ');
  const why = profiled ? markup`<p>Driven once more for CPU profiles; the verdict stands already.</p>` : undefined;
  const charts = lines.map(([title, of]) => spark({ title, values: seconds.map(of), arm, least: 0 }));
  return markup`<h3>${scenario}, block ${block}, ${arm}${profiled ? ', profiled' : ''}</h3>${why}
<p>phase <strong>${phase}</strong>; ${holding}</p>
<div class="charts">${planBar(trial)}${seconds.length === 0 ? undefined : charts}</div>
${seconds.length === 0 ? markup`<p>No load yet.</p>` : undefined}`;
}
