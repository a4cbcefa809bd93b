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
import { start } from '../../support/cli.ts';
import { point, record, scratch } from '../../support/history.ts';
import { placeWith } from '../../support/short-scenario.ts';

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

type Ask = (expression: string) => Promise<{ status: string; data: { result: { metric: Record<string, string> }[] } }>;

/** A Prometheus with our rules that scrapes the target every second, to be asked. */
async function scraped(folder: string, target: string, undo: AsyncDisposableStack): Promise<Ask> {
  const config = path.join(folder, 'prometheus.yml');
  const scrape = { job_name: 'gatecrash', static_configs: [{ targets: [target] }] };
  const global = { scrape_interval: '1s', evaluation_interval: '1s' };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ global, rule_files: [rules], scrape_configs: [scrape] }));
  const api = `http://127.0.0.1:${await freePort()}`;
  const prometheus = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${folder}/tsdb`, `--web.listen-address=${new URL(api).host}`],
    { stdio: 'ignore' },
  );
  undo.defer(async () => {
    prometheus.kill('SIGTERM');
    await once(prometheus, 'close');
  });
  return async (expression) => {
    const response = await fetch(`${api}/api/v1/query?query=${encodeURIComponent(expression)}`);
    return (await response.json()) as Awaited<ReturnType<Ask>>;
  };
}

test('a real run is scraped while it is under way, and its verdict once it has ended', async ({ skip }) => {
  skip(!there(), lacking);
  using here = placeWith();
  await using undo = new AsyncDisposableStack();
  const history = path.join(here.folder, 'runs', 'history.db');
  const server = createServer({ runs: path.join(here.folder, 'runs'), history, token: undefined });
  const target = new URL(await server.listen({ host: '127.0.0.1', port: 0 }));
  undo.defer(() => server.close());
  const ask = await scraped(here.folder, target.host, undo);
  const builds = ['--stable', 'reference@.', '--canary', 'reference@.+access-log'];
  const kept = ['--out', path.join(here.folder, 'runs', 'real'), '--history', history];
  const run = start(['canary', ...builds, '--scenario', here.scenario, '--blocks', '3', '--no-profile', '--quiet', ...kept]); // prettier-ignore
  const of = async (expression: string): Promise<Record<string, string>[]> =>
    (await ask(expression).catch(() => ({ data: { result: [] } }))).data.result.map(({ metric }) => metric);
  await expect
    .poll(() => of('last_over_time(gatecrash_live_requests_ok_per_second[10m]) > 0'), { timeout: 240_000 })
    .toContainEqual(expect.objectContaining({ scenario: 'short', arm: 'canary' }));
  const { stderr } = await run.ended;
  const decided = async (): Promise<number> => (await of('gatecrash_decision == 1')).length;
  await expect.poll(decided, { ...within, message: stderr }).toBe(1);
  await expect.poll(() => of('gatecrash_live_trial_phase'), within).toEqual([]);
}, 600_000);

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

  const ask = await scraped(place.folder, target.host, undo);
  const firing = async (): Promise<string[]> => {
    const { result } = (await ask('ALERTS{alertstate="firing"}').catch(() => ({ data: { result: [] } }))).data;
    return result.map(({ metric }) => metric['alertname'] ?? '').toSorted();
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
