/** The cold tail from the command line: what it does is in the history, and who only fails when cold is found. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { measure } from '../../harness/judge/metrics/index.ts';
import type { Observation } from '../../harness/model/history.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { none } from '../../scenarios/steady/none.ts';
import { gatecrash, runFolder, textOf } from '../support/cli.ts';

const quiet: Scenario = {
  ...none,
  name: 'quiet',
  arms: 'side-by-side',
  table: { settled: 10, ballast: 5 },
  load: { ratePerSecond: 50, connections: 4 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '500ms', fault: '1s', settle: '1s' },
  tail: 'cold',
  convergeWithin: '10s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-phantom' },
  ],
};

async function run(gateway: string): Promise<{ readonly verdict: Verdict; readonly history: readonly Observation[] }> {
  using folder = runFolder();
  const file = path.join(path.dirname(folder.folder), 'quiet.yaml');
  writeFileSync(file, stringify(quiet));
  const { stdout, stderr } = await gatecrash(['run', file, '--gateway', gateway, '--out', folder.folder, '--json']);
  expect(stdout, stderr).not.toBe('');
  const lines = textOf(folder.folder, 'trials/quiet-1-canary/history.ndjson').trimEnd().split('\n');
  return { verdict: JSON.parse(stdout) as Verdict, history: lines.map((line) => JSON.parse(line) as Observation) };
}

test('the gateway reads everything anew, loses a worker, starts from nothing, and is right each time', async () => {
  const { verdict, history } = await run('reference@.');
  expect(verdict.decision, verdict.because).toBe('safe');
  const proven = history.flatMap((o) => (o.kind === 'fault' && o.edge === 'verified' ? [o.fault.kind] : []));
  expect(proven).toEqual(['watch.refuse', 'watch.cut', 'etcd.compact', 'gateway.kill', 'gateway.kill']);
  expect(history.filter(({ kind }) => kind === 'converged')).toHaveLength(4);
  const finals = history.flatMap((o) => (o.kind === 'sample' && o.metric === 'final-reads' ? [o.value] : []));
  expect(finals).toHaveLength(2);
  expect(Math.min(...finals)).toBeGreaterThanOrEqual(2 * 15);
  const trial = { scenario: 'quiet', block: 1, arm: 'canary', seed: 1, folder: '', state: 'completed', history, latency: [] } as const; // prettier-ignore
  expect(measure('cold-start-time', trial)).toMatchObject({ state: 'measured', censored: false });
  // It has read from etcd, so there was one.
  const connections = measure('etcd-connections', trial);
  expect(connections.state === 'measured' ? connections.value : 0).toBeGreaterThanOrEqual(1);
}, 600_000);

test('a build that is wrong after a full read only is found by it', async () => {
  const { verdict } = await run('reference@.+compaction-empties-store');
  const broken = verdict.scenarios.flatMap(({ findings }) => findings.filter(({ decision }) => decision !== 'safe'));
  expect([verdict.decision, broken.map(({ subject }) => subject)], verdict.because).toEqual([
    'known-weakness',
    ['converge'],
  ]);
}, 600_000);
