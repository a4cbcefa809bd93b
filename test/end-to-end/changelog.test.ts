/** `gatecrash changelog` as a user runs it: on files, and week by week. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gatecrash } from '../support/cli.ts';
import { askChangelog, notesIn } from '../support/release-notes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-changelog-'));
afterAll(() => rmSync(folder, { recursive: true }));

const notes = (name: string, ...lines: readonly string[]): string => notesIn(folder, name, lines);

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
  const { code, stdout } = await askChangelog(file, '--plan');
  expect(code).toBe(0);
  expect(stdout).toMatch(/route-flood: 1\.1\.0#3 may break users/);
  const [, scenarios = ''] = /check +gatecrash canary .* --scenario (.*)/.exec(stdout) ?? [];
  const planned = await gatecrash(['plan', ...scenarios.split(' ')]);
  expect(planned.code).toBe(0);
  const { scenarios: listed } = JSON.parse((await askChangelog(file, '--plan', '--json')).stdout) as {
    scenarios: string[];
  };
  expect(listed).toEqual(scenarios.split(' '));
});

test('labels are explained, and the comment for a pull request goes to stdout', async () => {
  const file = notes('explain.md', 'fix(router): hosts are matched without case by default #3');
  expect((await askChangelog(file, '--explain')).stdout).toContain(
    '· breaking suspected: another default (text: "by default")',
  );
  expect((await askChangelog(file, '--markdown')).stdout).toMatch(/^## Release notes 1\.0\.0 → 1\.1\.0\n/);
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
