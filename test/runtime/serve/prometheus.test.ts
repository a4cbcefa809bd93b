/** A real Prometheus: it takes the rules, understands every question of the dashboards, and scrapes what we tell. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { boards } from '../../../dashboards/grafana/index.ts';
import { createServer } from '../../../harness/commands/serve/server.ts';
import { writeAlarm } from '../../../harness/store/history/alarms.ts';
import { openHistory } from '../../../harness/store/history/open-history.ts';
import { writeRun } from '../../../harness/store/history/write-run.ts';
import { freePort } from '../../support/etcd.ts';
import { point, record, scratch } from '../../support/history.ts';

const rules = path.resolve('dashboards/prometheus/gatecrash.rules.yml');
const lacking = 'there is no prometheus with its promtool on PATH (Debian: prometheus)';
const within = { timeout: 60_000, interval: 100 };

function there(): boolean {
  try {
    for (const program of ['prometheus', 'promtool']) execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('promtool finds nothing wrong with the rules', ({ skip }) => {
  skip(!there(), lacking);
  expect(execFileSync('promtool', ['check', 'rules', rules], { encoding: 'utf8' })).toMatch(/SUCCESS: \d+ rules found/);
});

test('promtool finds nothing wrong with the metrics, and Prometheus answers every dashboard and raises the alerts', async ({
  skip,
}) => {
  skip(!there(), lacking);
  using place = scratch();
  await using undo = new AsyncDisposableStack();
  const history = path.join(place.folder, 'history.db');
  const database = openHistory(history);
  for (let night = 1; night <= 12; night++)
    writeRun(database, record(night, { decision: 'regression', points: [point(0.5)] }), 'now');
  const series = {
    pair: 'next',
    scenario: 'none',
    metric: 'latency-p99',
    drift: 'version',
    state: 'confirmed',
  } as const;
  writeAlarm(database, { ...series, run: 12, since: 9, evidence: 999, threshold: 730, shift: 0.5 });
  database.close();
  const server = createServer({ runs: place.folder, history, token: undefined });
  const target = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  undo.defer(() => server.close());
  const text = await (await fetch(new URL('/metrics', target))).text();
  execFileSync('promtool', ['check', 'metrics'], { input: text });

  const config = path.join(place.folder, 'prometheus.yml');
  const scrape = { job_name: 'gatecrash', static_configs: [{ targets: [target.host] }] };
  const global = { scrape_interval: '1s', evaluation_interval: '1s' };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ global, rule_files: [rules], scrape_configs: [scrape] }));
  const api = `http://127.0.0.1:${await freePort()}`;
  const prometheus = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${place.folder}/tsdb`,
      `--web.listen-address=${new URL(api).host}`,
    ],
    { stdio: 'ignore' },
  );
  undo.defer(async () => {
    prometheus.kill('SIGTERM');
    await once(prometheus, 'close');
  });
  const ask = async (expression: string): Promise<{ status: string; data: { result: unknown[] } }> => {
    const response = await fetch(`${api}/api/v1/query?query=${encodeURIComponent(expression)}`);
    return (await response.json()) as { status: string; data: { result: unknown[] } };
  };
  const firing = async (): Promise<string[]> => {
    const { result } = (await ask('ALERTS{alertstate="firing"}').catch(() => ({ data: { result: [] } }))).data;
    return (result as { metric: { alertname: string } }[]).map(({ metric }) => metric.alertname).toSorted();
  };
  await expect.poll(firing, within).toEqual(['GatecrashDrift', 'GatecrashNightMissing', 'GatecrashRegression']);
  for (const { uid, rows } of boards) {
    const lines = rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.lines));
    for (const [expression] of lines) {
      const { status, data } = await ask(expression.replaceAll('$__rate_interval', '1m'));
      expect([expression, status]).toEqual([expression, 'success']);
      if (uid === 'gatecrash-canary') expect([expression, data.result.length > 0]).toEqual([expression, true]);
    }
  }
});
