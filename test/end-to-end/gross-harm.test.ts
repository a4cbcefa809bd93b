import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Observation } from '../../harness/model/history.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { none } from '../../scenarios/steady/none.ts';
import { gatecrash, runFolder } from '../support/cli.ts';

/** Twenty lost requests a second: the counts are looked at many times before fifty are lost, also on a host that is busy. */
const slow: Scenario = {
  ...none,
  name: 'slow',
  load: { ratePerSecond: 200, connections: 16 },
  phases: { ...none.phases, baseline: '8s' },
};

test('a build that loses a tenth of its requests is ended within 50 of them, and judged by that', async () => {
  using run = runFolder();
  const file = path.join(path.dirname(run.folder), 'slow.yaml');
  writeFileSync(file, stringify(slow));
  const build = ['--gateway', 'reference@.+dose-fail-1in10', '--seed', '3'];
  const { code, stderr } = await gatecrash(['run', file, ...build, '--out', run.folder]);
  expect(stderr).toMatch(/block 1 canary +completed/);
  const lines = readFileSync(path.join(run.folder, 'trials/slow-1-canary/history.ndjson'), 'utf8').trim().split('\n');
  const history = lines.map((line) => JSON.parse(line) as Observation);
  const harm = history.find((o) => o.kind === 'gross-harm');
  expect(harm?.bad).toBeGreaterThanOrEqual(20);
  expect(harm?.bad).toBeLessThanOrEqual(50);
  expect(history.some((o) => o.kind === 'phase' && o.phase === 'fault')).toBe(false);
  const { scenarios } = JSON.parse(readFileSync(path.join(run.folder, 'verdict.json'), 'utf8')) as Verdict;
  const finding = scenarios[0]?.findings.find(({ subject }) => subject === 'no-gross-harm');
  // What it was not seen through for cannot be told: the run as a whole is undecided.
  expect([code, finding?.decision]).toEqual([2, 'known-weakness']);
  expect(finding?.because).toContain('loses requests on a scale at which the trial was ended in 1 of 1 trial');
}, 360_000);
