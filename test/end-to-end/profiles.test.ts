/** A build that sorts its whole table on every change, from the command line to the flame graph that shows it. */
import { globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readEvidence } from '../../harness/store/read-evidence.ts';
import { routeFlood } from '../../scenarios/routes/route-flood.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { gatecrash, runFolder, textOf } from '../support/cli.ts';

const flood: Scenario = {
  ...routeFlood,
  name: 'small-flood',
  arms: 'side-by-side',
  load: { ratePerSecond: 100, connections: 8 },
  phases: { warmup: '500ms', baseline: '500ms', fault: '4s', settle: '500ms' },
  timeline: [{ at: '0s', hold: '4s', fault: { kind: 'routes.flood', changesPerSecond: 50, paths: 'distinct' } }],
  convergeWithin: '15s',
  expectations: [{ kind: 'invariant', oracle: 'serve-last-good' }],
};

test('stable and canary are driven once more for profiles, which no verdict reads and the report shows', async () => {
  using run = runFolder();
  const { folder } = run;
  const file = path.join(path.dirname(folder), 'flood.yaml');
  writeFileSync(file, stringify(flood));
  const builds = ['--stable', 'reference@.', '--canary', 'reference@.+router-sort-per-insert'];
  const { stdout, stderr } = await gatecrash(['canary', ...builds, '--scenario', file, '--blocks', '3', '--profile', '--out', folder]); // prettier-ignore
  const files = globSync('profiles/*/*.cpuprofile', { cwd: folder }).toSorted();
  const arms = ['canary', 'stable'].flatMap((arm) => [1, 2].map((worker) => `profiles/small-flood-1-${arm}/${worker}.cpuprofile`)); // prettier-ignore
  expect(files, stdout + stderr).toEqual(arms);
  expect(readEvidence(folder).trials.map((trial) => trial.folder).filter((name) => !name.startsWith('trials/'))).toEqual([]); // prettier-ignore
  const page = textOf(folder, 'report.html');
  // What was called last is named; deep below, it may be what the rebuilding calls.
  expect(page).toMatch(/Most of the [\d.]+ ms more is under/);
  expect(page).toContain('mutants/router/rebuilding.ts');
  expect(page).toContain('Who served which change, and when');
  const again = await gatecrash(['judge', folder]);
  expect(again.code).not.toBe(4);
}, 800_000);
