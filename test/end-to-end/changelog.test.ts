/** `gatecrash changelog` as a user runs it: on files, on one real run, and week by week. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChangelogReport, HeldEntry } from '../../harness/model/changelog.ts';
import { gatecrash, type Ran } from '../support/cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-changelog-'));
const runFolder = path.join(folder, 'run');
afterAll(() => rmSync(folder, { recursive: true }));

function notes(name: string, ...lines: readonly string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `## 1.1.0\n\n${lines.map((line) => `- ${line}\n`).join('')}\n## 1.0.0\n\n- begun #1\n`);
  return file;
}

function ask(file: string, ...more: readonly string[]): Promise<Ran> {
  return gatecrash(['changelog', '--file', file, '--from', '1.0.0', '--to', '1.1.0', ...more]);
}

describe('bad input', () => {
  test('every mistake of the command line is told at once', async () => {
    const { code, stderr } = await gatecrash(['changelog', '--dialect', 'traefic', '--run', '/nowhere', '--fro', '1']);
    expect(code).toBe(3);
    const expected = [/unknown flag "--fro"; did you mean "--from"/, /unknown dialect "traefic"; did you mean "traefik"/, /--file <path…> is missing/, /--from <version> is missing/, /--to <version> is missing/, /\/nowhere/]; // prettier-ignore
    for (const words of expected) expect(stderr).toMatch(words);
  });

  test.each([
    ['CHANGELOG_UNREADABLE', ['--file', '/nowhere.md', '--from', '1.0.0', '--to', '1.1.0']],
    ['CHANGELOG_DIALECT', ['--file', 'LICENSE', '--from', '1.0.0', '--to', '1.1.0']],
    ['CHANGELOG_VERSION', ['--file', notes('versions.md', 'x #2'), '--from', '0.9.0', '--to', '1.1.0']],
    ['CHANGELOG_VERSION', ['--file', notes('order.md', 'x #2'), '--from', '1.1.0', '--to', '1.0.0']],
  ])('%s: exit code 3, and what to do', async (code, args) => {
    const ran = await gatecrash(['changelog', ...args]);
    expect([ran.code, ran.stdout]).toEqual([3, '']);
    expect(ran.stderr).toMatch(new RegExp(`^error ${code}: .*\\nhint: `));
  });
});

test('the plan names the scenarios that suspicious entries call for, as a command that can be run', async () => {
  const file = notes('plan.md', 'fix(router): hosts are matched without case by default #3', 'docs: words #4');
  const { code, stdout } = await ask(file, '--plan');
  expect(code).toBe(0);
  expect(stdout).toMatch(/route-flood: 1\.1\.0#3 may break users/);
  const [, scenarios = ''] = /check +gatecrash canary .* --scenario (.*)/.exec(stdout) ?? [];
  const planned = await gatecrash(['plan', ...scenarios.split(' ')]);
  expect(planned.code).toBe(0);
  const { scenarios: listed } = JSON.parse((await ask(file, '--plan', '--json')).stdout) as { scenarios: string[] };
  expect(listed).toEqual(scenarios.split(' '));
});

test('labels are explained, and the comment for a pull request goes to stdout', async () => {
  const file = notes('explain.md', 'fix(router): hosts are matched without case by default #3');
  expect((await ask(file, '--explain')).stdout).toContain('· breaking suspected: another default (text: "by default")');
  expect((await ask(file, '--markdown')).stdout).toMatch(/^## Release notes 1\.0\.0 → 1\.1\.0\n/);
});

test('watched release notes show what is new once', async () => {
  const file = notes('watched.md', 'fix(etcd): updates are lost #2');
  const state = path.join(folder, 'state', 'seen.json');
  // Lines are broken at the width of a terminal.
  const look = async (...more: readonly string[]): Promise<string> =>
    (await gatecrash(['changelog', '--watch', file, '--state', state, ...more])).stdout.replaceAll(/\s+/g, ' ');
  expect(await look()).toContain('seen for the first time');
  expect(await look()).toContain('nothing new');
  const old = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    `## 1.2.0\n\n- fix(etcd): updates are lost, reworded #2\n- perf(router): faster matching #5\n\n${old}`,
  );
  const news = await look();
  expect(news).toContain('1 new entry in 1.2.0, and 1 line known from other versions');
  expect(news).toContain('1.2.0 perf, router: faster matching (#5)');
  expect(news).toMatch(/worth running: .*route-flood/);
  expect(await look()).toContain('nothing new');
  expect(JSON.parse(await look('--json'))).toMatchObject([{ firstLook: false, versions: [], entries: [] }]);
  writeFileSync(state, '{"schema":2}');
  const { code, stderr } = await gatecrash(['changelog', '--watch', file, '--state', state]);
  expect([code, stderr]).toEqual([4, expect.stringContaining('EVIDENCE_UNREADABLE')]);
});

describe('a real run in which stable loses updates and the canary does not', () => {
  beforeAll(async () => {
    const builds = '--stable reference@.+watch-advance-on-timeout --canary reference@.';
    const check = `canary ${builds} --scenario watch-silent-death --blocks 3 --seed 9 --out`.split(' ');
    const { code, stderr } = await gatecrash([...check, runFolder]);
    expect([0, 2, 5], stderr).toContain(code);
  }, 600_000);

  async function heldAgainstRun(name: string, ...lines: readonly string[]): Promise<ChangelogReport> {
    const verdict = readFileSync(path.join(runFolder, 'verdict.json'));
    const judged = await gatecrash(['judge', runFolder]);
    const { code, stdout } = await ask(notes(name, ...lines), '--run', runFolder, '--json');
    // No line moves the verdict, nor its exit code.
    expect(code).toBe(judged.code);
    expect(readFileSync(path.join(runFolder, 'verdict.json')).equals(verdict)).toBe(true);
    return JSON.parse(stdout) as ChangelogReport;
  }

  test('an honest fix is confirmed, accounts for the move, and is in the report and the comment', async () => {
    const report = await heldAgainstRun('honest.md', 'fix(etcd): updates written during a silent watch are lost #7');
    const [entry] = report.entries as readonly HeldEntry[];
    expect(entry).toMatchObject({ verdict: 'confirmed', scenario: 'watch-silent-death' });
    const lost = report.run?.moves.find(({ subject }) => subject === 'no-lost-update');
    expect(lost).toMatchObject({ direction: 'better', explainedBy: ['1.1.0#7'] });
    expect(readFileSync(path.join(runFolder, 'report.html'), 'utf8')).toContain('<section id="changelog"');
    expect(readFileSync(path.join(runFolder, 'changelog.md'), 'utf8')).toContain('✓ CONFIRMED');
    expect(existsSync(path.join(runFolder, 'changelog.json'))).toBe(true);
    // Rendered again, the report keeps its section.
    expect((await gatecrash(['report', runFolder])).code).toBe(0);
    expect(readFileSync(path.join(runFolder, 'report.html'), 'utf8')).toContain('CONFIRMED');
  });

  test('the same move is unexplained where no entry tells of it', async () => {
    const report = await heldAgainstRun('silent.md', 'docs: words #8', 'perf(router): faster matching #9');
    expect((report.entries as readonly HeldEntry[]).map(({ verdict }) => verdict)).toEqual(['not-measurable', 'not-exercised']); // prettier-ignore
    expect(report.run?.moves.find(({ subject }) => subject === 'no-lost-update')?.explainedBy).toEqual([]);
  });

  test('a run of one build is refused: there is nothing to compare with', async () => {
    const single = path.join(folder, 'single');
    const builds = ['run', 'watch-silent-death', '--gateway', 'reference@.', '--max-time', '0s', '--out', single];
    await gatecrash(builds);
    const { code, stderr } = await ask(notes('single.md', 'x #2'), '--run', single);
    expect([code, stderr]).toEqual([3, expect.stringContaining('a claim needs a stable beside the canary')]);
  });
});
