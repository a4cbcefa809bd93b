/** Release notes against real runs: an honest fix, a lie, what nobody announced, and two builds that are the same. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChangelogReport, HeldEntry } from '../../harness/model/changelog.ts';
import { routeFlood } from '../../scenarios/routes/route-flood.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { churnSoak } from '../../scenarios/steady/churn-soak.ts';
import { gatecrash } from '../support/cli.ts';
import { askChangelog, notesIn } from '../support/release-notes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-claims-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes are followed by the delay until they are served: a few dozen do, where a p99 needs thousands of requests. */
const flood: Scenario = {
  ...routeFlood,
  name: 'small-flood',
  gateway: { workers: 1, watchTimeout: '10s' },
  table: { settled: 20, ballast: 1500 },
  load: { ratePerSecond: 40, connections: 4 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '500ms', fault: '3s', settle: '500ms' },
  timeline: [{ at: '0s', hold: '3s', fault: { kind: 'routes.flood', changesPerSecond: 15, paths: 'distinct' } }],
  convergeWithin: '15s',
  expectations: [
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 1, tolerance: 3 },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'serve-last-good' },
  ],
};
/** As many requests as cost a gateway a second of processor time, which is the least that is compared. */
const steady: Scenario = {
  ...churnSoak,
  name: 'small-steady',
  table: { settled: 20, ballast: 0 },
  load: { ratePerSecond: 350, connections: 16 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '1s', baseline: '500ms', fault: '10s', settle: '500ms' },
  expectations: [
    { kind: 'no-worse', metric: 'cpu-per-request', minimumEffect: 0.3, tolerance: 1 },
    { kind: 'invariant', oracle: 'no-lost-update' },
  ],
};

/** The folder of a run of three blocks; `scenario` by its name, or as it is. */
async function checked(name: string, stable: string, canary: string, scenario: string | Scenario): Promise<string> {
  const run = path.join(folder, name);
  const file = path.join(folder, `${name}.json`);
  if (typeof scenario !== 'string') writeFileSync(file, JSON.stringify(scenario));
  const builds = ['--stable', `reference@.${stable}`, '--canary', `reference@.${canary}`];
  const what = ['--scenario', typeof scenario === 'string' ? scenario : file, '--blocks', '3', '--no-profile'];
  const { code, stderr } = await gatecrash(['canary', ...builds, ...what, '--seed', '9', '--out', run]);
  expect([0, 1, 2, 5], stderr).toContain(code);
  return run;
}

async function heldAgainst(run: string, name: string, ...lines: readonly string[]): Promise<ChangelogReport> {
  const verdict = readFileSync(path.join(run, 'verdict.json'));
  const judged = await gatecrash(['judge', run]);
  const { code, stdout } = await askChangelog(notesIn(folder, name, lines), '--run', run, '--json');
  // No line moves the verdict, nor its exit code.
  expect(code).toBe(judged.code);
  expect(readFileSync(path.join(run, 'verdict.json')).equals(verdict)).toBe(true);
  return JSON.parse(stdout) as ChangelogReport;
}

function words({ entries }: ChangelogReport): readonly string[] {
  return (entries as readonly HeldEntry[]).map(({ verdict }) => verdict);
}

describe('stable loses updates and the canary does not', () => {
  let run = '';
  beforeAll(async () => {
    run = await checked('repaired', '+watch-advance-on-timeout', '', 'watch-silent-death');
  }, 600_000);

  test('an honest fix is confirmed, accounts for the move, and is in the report and the comment', async () => {
    const report = await heldAgainst(run, 'honest.md', 'fix(etcd): updates written during a silent watch are lost #7');
    const [entry] = report.entries as readonly HeldEntry[];
    expect(entry).toMatchObject({ verdict: 'confirmed', scenario: 'watch-silent-death' });
    const lost = report.run?.moves.find(({ subject }) => subject === 'no-lost-update');
    expect(lost).toMatchObject({ direction: 'better', explainedBy: ['1.1.0#7'] });
    expect(readFileSync(path.join(run, 'report.html'), 'utf8')).toContain('<section id="changelog"');
    expect(readFileSync(path.join(run, 'changelog.md'), 'utf8')).toContain('✓ CONFIRMED');
    expect(existsSync(path.join(run, 'changelog.json'))).toBe(true);
    // Rendered again, the report keeps its section.
    expect((await gatecrash(['report', run])).code).toBe(0);
    expect(readFileSync(path.join(run, 'report.html'), 'utf8')).toContain('CONFIRMED');
  });

  test('the same move is unexplained where no entry tells of it', async () => {
    const report = await heldAgainst(run, 'silent.md', 'docs: words #8', 'perf(router): faster matching #9');
    expect(words(report)).toEqual(['not-measurable', 'not-exercised']);
    expect(report.run?.moves.find(({ subject }) => subject === 'no-lost-update')?.explainedBy).toEqual([]);
  });
});

test('a faster router that sorts its table on every change is contradicted, and its cost is unexplained', async () => {
  const run = await checked('lie', '', '+router-sort-per-insert', flood);
  const report = await heldAgainst(run, 'lie.md', 'perf(router): faster matching #3', 'docs: words #4');
  const [lie, docs] = report.entries as readonly HeldEntry[];
  expect(lie).toMatchObject({ verdict: 'contradicted', scenario: 'small-flood', subject: 'write-visible-delay' });
  expect(docs?.verdict).toBe('not-measurable');
  const move = report.run?.moves.find(({ subject }) => subject === 'write-visible-delay');
  expect(move).toMatchObject({ direction: 'worse', explainedBy: [], candidates: ['1.1.0#3'] });
  expect(readFileSync(path.join(run, 'changelog.md'), 'utf8')).toContain('| ✗ CONTRADICTED | perf | router |');
}, 600_000);

test('processor time that nobody announced is listed as unexplained', async () => {
  const run = await checked('tax', '', '+cpu-tax=1500', steady);
  const lines = ['docs: words #5', 'feat(router): match by cookie #6', 'fix(etcd): updates are lost #7'];
  const report = await heldAgainst(run, 'tax.md', ...lines);
  expect(words(report)).toEqual(['not-measurable', 'not-exercised', 'not-exercised']);
  expect(report.run?.moves).toEqual([
    expect.objectContaining({ scenario: 'small-steady', subject: 'cpu-per-request', direction: 'worse', explainedBy: [] }), // prettier-ignore
  ]);
  expect(readFileSync(path.join(run, 'changelog.md'), 'utf8')).toContain('### Unexplained');
  // One that announces it accounts for it within its number, and not beyond.
  const accountedFor = async (percent: number): Promise<unknown> => {
    const line = `feat: check every request, at up to ${percent} % more CPU #8`;
    return (await heldAgainst(run, 'cost.md', line)).run?.moves.map(({ explainedBy }) => explainedBy);
  };
  expect(await accountedFor(9_000)).toEqual([['1.1.0#8']]);
  expect(await accountedFor(5)).toEqual([[]]);
}, 600_000);

// Of equal builds, one run in twenty shows a move by chance: that is the rate of false discoveries. Two in a row do not.
test('of two builds that are the same nothing is claimed', { retry: 1, timeout: 600_000 }, async () => {
  const run = await checked(`same-${Date.now()}`, '', '', steady);
  const lines = ['perf: less CPU for each request #3', 'fix: updates are lost after a reload #4', 'docs: words #5'];
  const report = await heldAgainst(run, 'same.md', ...lines);
  // All was measured: what was not would be no claim either.
  expect(report.run?.untold).toEqual([]);
  const [gain, fix] = words(report);
  expect(['no-effect', 'no-power']).toContain(gain);
  expect(fix).toBe('not-exercised');
  expect(report.run?.moves).toEqual([]);
});

test('a run of one build is refused: there is nothing to compare with', async () => {
  const single = path.join(folder, 'single');
  await gatecrash(['run', 'watch-silent-death', '--gateway', 'reference@.', '--max-time', '0s', '--out', single]);
  const { code, stderr } = await askChangelog(notesIn(folder, 'single.md', ['x #2']), '--run', single);
  expect([code, stderr]).toEqual([3, expect.stringContaining('a claim needs a stable beside the canary')]);
});
