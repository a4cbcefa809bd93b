/** The runs that are under way: their trials with phase, faults and load. */
import type { LiveRun, LiveSecond, LiveTrial } from '../../model/live-run.ts';
import { type Markup, markup, trusted } from '../html/markup.ts';
import { table } from '../html/table.ts';
import { plural } from '../words.ts';
import { shell } from './shell.ts';

export function livePage(runs: readonly LiveRun[]): string {
  return shell('Live', markup`<div id="live">${livePart(runs)}</div>`, true);
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
  const all = Math.max(planned, ended.length + running.length);
  const invalid = ended.filter(({ state }) => state !== 'completed').length;
  const spoilt = invalid === 0 ? '' : `, ${invalid} of them no experiment`;
  return markup`<section><h2>${id}</h2>
<dl><dt>stable</dt><dd><code>${stable}</code></dd><dt>canary</dt><dd><code>${canary}</code></dd></dl>
<p><progress max="${all}" value="${ended.length}"></progress> ${ended.length} of ${plural(all, 'trial')} ended${spoilt}</p>
${running.map(trialPart)}
${table({
  caption: 'Trials that have ended, the last first',
  head: ['scenario', 'block', 'arm', 'state', 'reason'],
  rows: ended
    .toReversed()
    .map(({ scenario, block, arm, state, reason }) => [scenario, block, arm, state, reason ?? '']),
  limit: 20,
  rest: `${id}/trials`,
})}</section>`;
}

function trialPart({ scenario, block, arm, phase, faults, seconds }: LiveTrial): Markup {
  const holding = faults.length === 0 ? 'no fault holds' : faults.join(', ');
  return markup`<h3>${scenario}, block ${block}, ${arm}</h3>
<p>phase <strong>${phase}</strong>; ${holding}</p>
${spark('requests answered rightly, per second', seconds, ({ ok }) => ok)}
${spark('requests not answered rightly, per second', seconds, ({ errors }) => errors)}
${spark('p99 of the latency, ms', seconds, ({ p99Ms }) => p99Ms)}`;
}

const [width, height] = [440, 60];

/** Drawn by hand and not by ECharts: this happens every second beside a trial that is timed on the same cores. */
function spark(title: string, seconds: readonly LiveSecond[], of: (second: LiveSecond) => number): Markup {
  const values = seconds.map(of);
  const last = values.at(-1);
  if (last === undefined) return markup`<p>${title}: nothing yet</p>`;
  const most = Math.max(...values, 1);
  const step = width / Math.max(1, values.length - 1);
  const path = values.map(
    (value, i) => `${i === 0 ? 'M' : 'L'}${(i * step).toFixed(1)} ${(height * (1 - value / most)).toFixed(1)}`,
  );
  return markup`<figure><figcaption>${title}: ${number(last)}, at most ${number(most)}</figcaption>
<svg role="img" aria-label="${title}: ${number(last)} now" viewBox="0 -2 ${width} ${height + 4}">
${trusted(`<path d="${path.join('')}" fill="none" stroke="var(--canary)" stroke-width="1.5"/>`)}</svg></figure>`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
