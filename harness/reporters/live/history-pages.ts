/** The pages of what has ended: runs, one run, two runs beside each other, trends. */
import type { FindingHead, RunHead, SeriesName, TrialHead } from '../../model/run-record.ts';
import { badge } from '../html/badge.ts';
import { type Content, type Markup, markup } from '../html/markup.ts';
import { table } from '../html/table.ts';
import { type ShownSeries, rings, trendWords } from '../trend-words.ts';
import { change } from '../words.ts';
import type { Drift } from '../../model/trend-alarm.ts';
import { shell } from './shell.ts';
import { spark } from './spark.ts';

export interface ShownRun extends RunHead {
  readonly number: number;
}

export interface ShownWhole extends ShownRun {
  readonly trials: readonly TrialHead[];
  readonly findings: readonly FindingHead[];
}

/** A page of the runs, and how many are newer and older than those on it. */
export interface HistoryPart {
  readonly runs: readonly ShownRun[];
  readonly newer: number;
  readonly older: number;
}

/** Runs of one page. */
export const shownRuns = 200;

export function historyPage({ runs, newer, older }: HistoryPart, alarms: readonly SeriesName[]): string {
  const rows = runs.map((run) => [
    markup`<a href="/runs/${run.number}">${run.number}</a>`,
    run.startedAt.slice(0, 16).replace('T', ' '),
    badge(run.decision),
    run.pair,
    run.kind,
    run.because,
    choice('a', run),
    choice('b', run),
  ]);
  const head = ['run', 'started', 'decision', 'pair', 'kind', 'because', 'a', 'b'];
  return shell(
    'History',
    markup`<form action="/compare"><p><button>Compare a with b</button></p>${table({ caption: 'Runs, the newest first', head, rows, limit: shownRuns })}</form>
<p>${newer > 0 ? markup`<a href="/history?skip=${Math.max(0, newer - shownRuns)}">Newer runs</a> ` : undefined}${older > 0 ? markup`<a href="/history?skip=${newer + runs.length}">${older} older</a>` : undefined}</p>`,
    { alarms },
  );
}

function choice(name: string, { number }: ShownRun): Markup {
  return markup`<input type="radio" name="${name}" value="${number}" aria-label="${name}: run ${number}">`;
}

export function runPage(run: ShownWhole): string {
  const spoilt = run.trials.filter(({ state }) => state !== 'completed');
  const facts: readonly (readonly [string, Content])[] = [
    ['pair', run.pair],
    ['stable', markup`<code>${run.stable}</code>`],
    ['canary', markup`<code>${run.canary}</code>`],
    ['started', run.startedAt],
    ['commit', run.git ?? 'none'],
    ['host', run.hostClass],
    ['evidence', markup`<code>${run.folder}</code>`],
  ];
  return shell(
    `Run ${run.number}`,
    markup`<p>${badge(run.decision)}</p><p class="because">${run.because}</p>
<p><a href="/runs/${run.number}/report/">The report of this run</a></p>
<dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
${table({ caption: 'Findings', head: ['scenario', 'subject', 'decision', 'canary over stable'], rows: run.findings.map((f) => [f.scenario, f.subject, badge(f.decision), ratio(f)]), limit: 200 })}
${spoilt.length === 0 ? undefined : table({ caption: 'Trials that were no experiment', head: ['scenario', 'block', 'arm', 'reason'], rows: spoilt.map((t) => [t.scenario, t.block, t.arm, t.reason ?? '']) })}`,
  );
}

export function comparePage(a: ShownWhole, b: ShownWhole): string {
  const keys = [...new Set([...a.findings, ...b.findings].map(keyOf))];
  const rows = keys.map((key) => {
    const [left, right] = [a, b].map(({ findings }) => findings.find((finding) => keyOf(finding) === key));
    const one = left ?? right;
    return [`${one?.scenario}: ${one?.subject}`, ...[left, right].flatMap(cells)];
  });
  const head = ['finding', `run ${a.number}`, 'ratio', `run ${b.number}`, 'ratio'];
  return shell(
    `Runs ${a.number} and ${b.number}`,
    markup`${[a, b].map(
      (run) => markup`<section><h2><a href="/runs/${run.number}">Run ${run.number}</a> ${badge(run.decision)}</h2>
<p>${run.startedAt}: ${run.stable} against ${run.canary}</p><p>${run.because}</p></section>`,
    )}
${table({ caption: 'Findings of both', head, rows, limit: 200 })}`,
  );
}

function keyOf({ scenario, subject }: FindingHead): string {
  return JSON.stringify([scenario, subject]);
}

function cells(finding: FindingHead | undefined): readonly Content[] {
  return finding === undefined ? ['not asked', '–'] : [badge(finding.decision), ratio(finding)];
}

function ratio({ estimate, interval }: FindingHead): string {
  if (estimate === null) return '–';
  const range = interval === null ? '' : ` (${change(interval.low)} to ${change(interval.high)})`;
  return `${change(estimate)}${range}`;
}

export function trendsPage(all: readonly ShownSeries[]): string {
  // As in the report: those with an alarm that stands first.
  const ordered = all.toSorted((a, b) => Number(rings(b)) - Number(rings(a)));
  const sections = ordered.map((series) => {
    const [head = '', ...words] = trendWords(series);
    return markup`<section><h2>${head} ${rings(series) ? markup`<span class="badge regression"><span aria-hidden="true">!</span> TREND ALARM</span>` : undefined}</h2><div class="charts">${sparks(series)}</div>${words.map((line) => markup`<p>${line}</p>`)}</section>`;
  });
  return shell('Trends', all.length === 0 ? markup`<p>No series yet.</p>` : markup`${sections}`);
}

function sparks({ series: { points }, trends }: ShownSeries): readonly Markup[] {
  const changedAt = (drift: Drift): number | undefined => trends.find((trend) => trend.drift === drift)?.alarm?.since;
  return [
    spark({
      title: 'canary over stable, of the same night',
      values: points.map(({ contrast }) => Math.exp(contrast)),
      arm: 'canary',
      changedAt: changedAt('version'),
    }),
    spark({
      title: 'stable itself',
      values: points.map(({ stableValue }) => stableValue),
      arm: 'stable',
      changedAt: changedAt('environment'),
    }),
  ];
}

export function missingPage(what: string): string {
  return shell('Not found', markup`<p>${what}</p>`);
}
