/** The scenario `thousand-workers` with a smaller crowd: the same gateway at etcd and behind the watch proxy, and their report. */
import { globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Observation } from '../../harness/model/history.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { thousandWorkers } from '../../scenarios/watch/thousand-workers.ts';
import { gatecrash, runFolder, textOf } from '../support/cli.ts';

const watchers = 48;
const [invariant, ...further] = thousandWorkers.expectations.filter(({ kind }) => kind === 'invariant');
if (invariant === undefined) throw new Error('a crowd is judged by invariants');
const crowd: Scenario = {
  ...thousandWorkers,
  name: 'crowd',
  table: { settled: 10, ballast: 20 },
  load: { ratePerSecond: 100, connections: 8 },
  phases: { warmup: '1s', baseline: '1s', fault: '5s', settle: '2s' },
  timeline: [{ at: '0s', hold: '5s', fault: { kind: 'watch.crowd', watchers } }],
  convergeWithin: '30s',
  // How fast fifty watchers are served says nothing about a thousand.
  expectations: [invariant, ...further],
};

/** What proved the crowd in a trial of that arm. */
function proofOf(folder: string, arm: string): string {
  const [first = ''] = globSync(`trials/crowd-*-${arm}/history.ndjson`, { cwd: folder })
    .toSorted()
    .flatMap((file) => textOf(folder, file).split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as Observation)
    .flatMap((line) => (line.kind === 'fault' && line.edge === 'verified' ? [line.proof ?? ''] : []));
  return first;
}

test('behind the watch proxy etcd holds one watch for all of them, and the report shows it beside the other', async () => {
  using run = runFolder();
  const { folder } = run;
  const file = path.join(path.dirname(folder), 'crowd.json');
  writeFileSync(file, JSON.stringify(crowd));
  const builds = ['--stable', 'reference@.', '--canary', 'reference@.+watch-proxy'];
  const { code, stdout, stderr } = await gatecrash([
    'canary',
    ...builds,
    '--scenario',
    file,
    '--blocks',
    '3',
    '--no-profile',
    '--out',
    folder,
  ]);
  const { decision } = JSON.parse(textOf(folder, 'verdict.json') || '{}') as Partial<Verdict>;
  expect([code, decision], stdout + stderr).toEqual([0, 'safe']);
  const [stable, canary] = [proofOf(folder, 'stable'), proofOf(folder, 'canary')];
  const [, atEtcd] = /^etcd serves \d+ watches \(\+\d+\); etcd holds (\d+)$/.exec(stable) ?? [];
  expect(Number(atEtcd), stable).toBeGreaterThan(watchers);
  const [, more, behind] = /^the watch proxy serves \d+ watches \(\+(\d+)\); etcd holds (\d+)$/.exec(canary) ?? [];
  expect(Number(more), canary).toBeGreaterThanOrEqual(watchers);
  expect(Number(behind), canary).toBeLessThan(5);
  const report = textOf(folder, 'report.html');
  for (const proof of [stable, canary]) expect(report).toContain(proof);
}, 900_000);
