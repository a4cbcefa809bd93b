/** What the history says now, for a Prometheus to scrape. */
import { Gauge, Registry } from 'prom-client';
import type { RunHead } from '../model/run-record.ts';
import { isStanding } from '../model/trend-alarm.ts';
import type { ShownSeries } from './trend-words.ts';

const decisions = ['safe', 'regression', 'inconclusive', 'invalid', 'known-weakness'] as const;

/** `newest`: the newest run of each pair. */
export function metricsText(newest: readonly RunHead[], all: readonly ShownSeries[]): Promise<string> {
  const registers = [new Registry()];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name: `gatecrash_${name}`, help, labelNames, registers });
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
