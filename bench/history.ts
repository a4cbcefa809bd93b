/** The history of many years: what a list of its runs, and the trend of one metric, take. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { usualNightsBetweenAlarms, watched } from '../harness/commands/history/trends.ts';
import { openHistory } from '../harness/store/history/open-history.ts';
import { listRuns } from '../harness/store/history/read-runs.ts';
import { writeRun } from '../harness/store/history/write-run.ts';
import { point, record } from '../test/support/history.ts';
import { gaussian } from '../test/support/gaussian.ts';
import { type Benchmark, type Goal, type Row, measured, median } from './row.ts';

const runs = 10_000;
const rounds = 9;
const list: Goal = { id: 'history-list', what: `list of all of ${runs} runs`, unit: 'ms', atMost: 200 };
const trend: Goal = { id: 'history-trend', what: `trend of one metric over ${runs} runs`, unit: 'ms', atMost: 300 };

const scenarios = ['watch-silent-death', 'etcd-overload', 'route-flood'];
const metrics = ['latency-p99', 'error-share', 'write-visible-delay'];

async function run(): Promise<readonly Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-'));
  const file = path.join(folder, 'history.db');
  try {
    fill(file);
    const size = `${Math.round(statSync(file).size / 1024 ** 2)} MiB, ${scenarios.length * metrics.length} series`;
    const one = { scenario: 'route-flood', metric: 'latency-p99' };
    const listMs = timed(file, (database) => listRuns(database, runs));
    const trendMs = timed(file, (database) => watched(database, usualNightsBetweenAlarms, one));
    return [
      measured(list, median(listMs.map(Number)), `open, read, close; ${size}; ms of each round: ${listMs.join(' ')}`),
      measured(
        trend,
        median(trendMs.map(Number)),
        `open, read, both detectors, close; ${size}; ms: ${trendMs.join(' ')}`,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of each round, from the opening of the file to its closing. */
function timed(file: string, work: (database: DatabaseSync) => unknown): string[] {
  return Array.from({ length: rounds }, () => {
    const started = performance.now();
    using database = openHistory(file);
    work(database);
    return (performance.now() - started).toFixed(1);
  });
}

function fill(file: string): void {
  using database = openHistory(file);
  database.exec('PRAGMA synchronous = OFF');
  const random = gaussian(1);
  for (let night = 1; night <= runs; night++) {
    const points = scenarios.flatMap((scenario) =>
      metrics.map((metric) => point(0.1 * random(), { scenario, metric, level: 1 + 0.1 * random() })),
    );
    const findings = scenarios.flatMap((scenario) =>
      record(night).findings.map((finding) => ({ ...finding, scenario })),
    );
    const scenarioHashes = Object.fromEntries(scenarios.map((scenario) => [scenario, 'form']));
    writeRun(database, record(night, { points, findings, scenarioHashes }), 'now');
  }
}

export const historyBench: Benchmark = { name: 'history', run };
