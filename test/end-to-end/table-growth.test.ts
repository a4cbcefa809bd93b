/** A table that grows under a real gateway: its sizes and the longest stall of each are in the record, and make a number. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { measure } from '../../harness/judge/metrics/index.ts';
import { stallsBySize } from '../../harness/model/stalls.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { readEvidence } from '../../harness/store/read-evidence.ts';
import { tableGrowth } from '../../scenarios/routes/table-growth.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { gatecrash, runFolder } from '../support/cli.ts';

const growing: Scenario = {
  ...tableGrowth,
  name: 'growing',
  load: { ratePerSecond: 200, connections: 16 },
  phases: { warmup: '500ms', baseline: '8s', fault: '18s', settle: '1s' },
  timeline: [
    { at: '0s', hold: '18s', fault: { kind: 'routes.fill', routes: 300 } },
    { at: '9s', hold: '9s', fault: { kind: 'routes.fill', routes: 1_500 } },
  ],
  // No metric of latency: a host that is busy with other tests is too late for it.
  expectations: [
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
  ],
};
/** Settled ones, and those that the writer may change: ten a second for 27 seconds, and twenty to spare. */
const initial = 50 + 270 + 20;

test('a trial of a table that grows tells its sizes, its stalls and their growth, and is right about every route', async () => {
  using run = runFolder();
  const file = path.join(path.dirname(run.folder), 'growing.json');
  writeFileSync(file, JSON.stringify(growing));
  const { stdout, stderr } = await gatecrash(['run', file, '--gateway', 'reference@.', '--trials', '1', '--out', run.folder, '--json']); // prettier-ignore
  expect(stdout, stderr).not.toBe('');
  const { decision, because } = JSON.parse(stdout) as Verdict;
  expect(decision, because).toBe('safe');
  const [trial] = readEvidence(run.folder).trials;
  if (trial === undefined) throw new Error('the run has no trial');

  const proofs = trial.history.flatMap((o) => (o.kind === 'fault' && o.edge === 'verified' ? [o.proof] : []));
  expect(proofs).toEqual(['300 more routes are in etcd', '1500 more routes are in etcd']);
  expect(stallsBySize(trial.history).map(({ routes }) => routes)).toEqual([initial, initial + 300, initial + 1_800]);
  expect(measure('stall-growth', trial)).toMatchObject({ state: 'measured', censored: false });
  // Some of the filled routes are followed, and every worker has shown each of them.
  const followed = trial.history.flatMap((o) => (o.kind === 'visible' && o.route.startsWith('filled-') ? [o.seq] : []));
  expect(followed.filter((seq) => seq !== null).length).toBe(40);
}, 600_000);
