/** What the history says now, and what is under way, for a Prometheus to scrape. */
import { Gauge, Registry } from 'prom-client';
import type { LiveRun } from '../model/live-run.ts';
import type { RunHead } from '../model/run-record.ts';
import { isStanding } from '../model/trend-alarm.ts';
import type { ShownSeries } from './trend-words.ts';

const decisions = ['safe', 'regression', 'inconclusive', 'invalid', 'known-weakness'] as const;

type MakeGauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) => Gauge<L>;

/** `newest`: the newest run of each pair. */
export function metricsText(
  newest: readonly RunHead[],
  all: readonly ShownSeries[],
  live: readonly LiveRun[],
): Promise<string> {
  const registers = [new Registry()];
  const gauge: MakeGauge = (name, help, labelNames) =>
    new Gauge({ name: `gatecrash_${name}`, help, labelNames, registers });
  addLive(gauge, live);
  const decision = gauge('decision', '1 for the decision of the newest run of a pair', ['pair', 'decision']);
  const started = gauge('run_start_timestamp_seconds', 'when the newest run of a pair was started', ['pair']);
  for (const { pair, decision: said, startedAt } of newest) {
    for (const each of decisions) decision.set({ pair, decision: each }, each === said ? 1 : 0);
    started.set({ pair }, Date.parse(startedAt) / 1_000);
  }
  const names = ['pair', 'scenario', 'metric'] as const;
  const ratio = gauge('canary_over_stable_ratio', 'of the newest night; 1 when nothing differs', names);
  const stable = gauge('stable_value', 'median of the stable arms in the unit of the metric (ms or share)', names);
  const evidence = gauge('trend_evidence', 'evidence of the e-detector for a drift', [...names, 'drift']);
  const threshold = gauge('trend_threshold', 'evidence at which an alarm is raised', names);
  const alarms = gauge('trend_alarms', 'alarms that stand and were not acknowledged', names);
  for (const { series, threshold: limit, trends, alarms: raised } of all) {
    const { pair, scenario, metric, points } = series;
    const name = { pair, scenario, metric };
    const last = points.at(-1);
    if (last !== undefined) ratio.set(name, Math.exp(last.contrast));
    if (last !== undefined) stable.set(name, last.stableValue);
    threshold.set(name, limit);
    for (const trend of trends) evidence.set({ ...name, drift: trend.drift }, trend.evidence.at(-1) ?? 0);
    alarms.set(name, raised.filter(isStanding).length);
  }
  return registers[0]?.metrics() ?? Promise.resolve('');
}

/** Of the trials that are under way, the newest second of load; a run's id would be a new series every night. */
function addLive(gauge: MakeGauge, live: readonly LiveRun[]): void {
  const names = ['scenario', 'arm'] as const;
  const phase = gauge('live_trial_phase', '1 for the phase that a trial is in', [...names, 'phase']);
  const ended = gauge('live_trials_ended', 'trials that have ended of the runs that are under way', []);
  const ok = gauge('live_requests_ok_per_second', 'requests answered rightly in the newest second', names);
  const failed = gauge('live_requests_failed_per_second', 'requests not answered rightly in the newest second', names);
  const p99 = gauge('live_latency_p99_seconds', '99th percentile of the latency in the newest second', names);
  ended.set(live.reduce((sum, run) => sum + run.ended.length, 0));
  for (const { scenario, arm, phase: now, seconds } of live.flatMap(({ running }) => running)) {
    phase.set({ scenario, arm, phase: now }, 1);
    const last = seconds.at(-1);
    if (last === undefined) continue;
    ok.set({ scenario, arm }, last.ok);
    failed.set({ scenario, arm }, last.errors);
    p99.set({ scenario, arm }, last.p99Ms / 1_000);
  }
}
