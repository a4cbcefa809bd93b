/** A run that broke an invariant is made smaller until only what breaks it is left. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { none } from '../../scenarios/steady/none.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { gatecrash, runFolder, textOf } from '../support/cli.ts';

/** Of its three faults one alone makes this build drop its configuration. */
const scenario: Scenario = {
  ...none,
  name: 'three-faults',
  arms: 'side-by-side',
  gateway: { workers: 1, watchTimeout: '5s' },
  table: { settled: 10, ballast: 0 },
  load: { ratePerSecond: 50, connections: 4 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '500ms', fault: '3s', settle: '500ms' },
  timeline: [
    { at: '0s', hold: '500ms', fault: { kind: 'upstream.slow', by: '10ms' } },
    { at: '1s', hold: '500ms', fault: { kind: 'etcd.down' } },
    { at: '2s', hold: '500ms', fault: { kind: 'watch.delay', by: '50ms' } },
  ],
  convergeWithin: '8s',
  expectations: [{ kind: 'invariant', oracle: 'serve-last-good' }],
};
const build = 'reference@.+drop-config-on-disconnect';

test('the one fault that breaks it is left, as a scenario and as a plan that break again', async () => {
  using run = runFolder();
  const file = path.join(path.dirname(run.folder), 'three-faults.yaml');
  writeFileSync(file, stringify(scenario));
  const first = await gatecrash(['run', file, '--gateway', build, '--seed', '1', '--out', run.folder]);
  expect(first.stdout).toContain('serve-last-good');
  const { code, stdout, stderr } = await gatecrash(['shrink', run.folder, '--max-time', '150s', '--json']);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/serve-last-good in three-faults, block \d\n/)]);
  expect(stderr).toMatch(/without upstream\.slow: still breaks/);
  expect(stderr).toMatch(/without etcd\.down: holds/);
  const { scenario: smallest } = JSON.parse(stdout) as { readonly scenario: Scenario };
  expect(smallest.timeline.map(({ fault }) => fault.kind)).toEqual(['etcd.down']);
  expect(JSON.parse(textOf(run.folder, 'shrunk', 'smallest.json'))).toEqual(smallest);
  const again = path.join(path.dirname(run.folder), 'again');
  const replayed = await gatecrash(['replay', path.join(run.folder, 'shrunk', 'plan.json'), '--out', again]);
  expect(replayed.stdout).toMatch(/serve-last-good/);
  expect(replayed.code).toBe(first.code);
}, 600_000);

test('a run in which nothing broke is refused, with the reason', async () => {
  using run = runFolder();
  const file = path.join(path.dirname(run.folder), 'calm.yaml');
  writeFileSync(file, stringify({ ...scenario, name: 'calm', timeline: [] }));
  await gatecrash(['run', file, '--gateway', 'reference@.', '--seed', '1', '--out', run.folder]);
  const { code, stderr } = await gatecrash(['shrink', run.folder]);
  expect([code, stderr]).toEqual([3, expect.stringContaining('no trial of the canary broke an invariant')]);
});
