import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { NightOutcome } from '../../harness/model/night.ts';
import { labelled } from '../../harness/runtimes/residue.ts';
import { catalogue } from '../../scenarios/catalogue.ts';
import { gatecrash, start, textOf } from '../support/cli.ts';

const within = { timeout: 60_000, interval: 20 };

/** A folder with a configuration whose one scenario takes as little time as a scenario can. */
function place(config = ''): { readonly folder: string; readonly file: string } & Disposable {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-nightly-'));
  const shortest = {
    ...catalogue.find(({ name }) => name === 'none'),
    name: 'short',
    arms: 'side-by-side',
    table: { settled: 5, ballast: 0 },
    load: { ratePerSecond: 50, connections: 4 },
    phases: { warmup: '200ms', baseline: '200ms', fault: '300ms', settle: '200ms' },
    expectations: [{ kind: 'invariant', oracle: 'converge' }],
  };
  writeFileSync(path.join(folder, 'short.json'), JSON.stringify(shortest));
  const file = path.join(folder, 'gatecrash.config.ts');
  const own = `pairs: [{ name: 'same', stable: 'reference@.', canary: 'reference@.' }], scenarios: ['./short.json'], blocks: 3`;
  writeFileSync(
    file,
    `import { defineConfig } from 'gatecrash/config';\nexport default defineConfig({ ${config === '' ? own : config} });\n`,
  );
  return { folder, file, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

test('a nightly that was killed is gone on with, one at a time, and leaves nothing but its history', async () => {
  using here = place();
  const args = ['nightly', '--config', here.file, '--quiet', '--json'];
  const killed = start(args);
  const histories = (): string[] => globSync(path.join(here.folder, 'runs/*/trials/*/history.ndjson'));
  await expect
    .poll(
      () =>
        histories()
          .map((file) => textOf(file))
          .join(''),
      within,
    )
    .toContain('"phase":"baseline"');
  const second = await gatecrash(args);
  expect([second.code, second.stderr]).toEqual([4, expect.stringMatching(/NIGHTLY_RUNNING.*process \d+ on /)]);
  killed.child.kill('SIGKILL');
  await killed.ended;

  const { code, stdout, stderr } = await gatecrash(args);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const outcome = JSON.parse(stdout) as NightOutcome & { readonly summary: string };
  expect(outcome.pairs.map(({ pair, decision }) => [pair, decision])).toEqual([['same', 'safe']]);
  expect(outcome.summary).toMatch(/^gatecrash nightly \S+: SAFE\. 1 pair SAFE\. Took /);
  const runs = globSync(path.join(here.folder, 'runs/*/plan.json'));
  expect(runs).toEqual([path.join(here.folder, 'runs', `${outcome.night}-same`, 'plan.json')]);
  const journal = textOf(here.folder, 'runs', `${outcome.night}-same`, 'journal.ndjson');
  const ids = [...journal.matchAll(/"runId":"([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(ids).toHaveLength(2);
  for (const id of ids) expect(labelled(id)).toEqual([]);

  const database = path.join(here.folder, 'runs', 'history.db');
  const listed = await gatecrash(['history', '--history', database, '--json']);
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { kind: 'nightly', pair: 'same', decision: 'safe', night: outcome.night },
  ]);
}, 480_000);

test('every mistake of a configuration is told at once, with its file, and nothing is started', async () => {
  using here = place(
    `pairs: [{ name: 'Next', stable: 'refrence@.' }, { name: 'b', stable: 'reference@.', canary: 'reference@.+watch-prox' }],
     scenario: 'quick', scenarios: ['rute-flood'], blocks: 2, timeBudget: 'soon', nightsBetweenAlarms: 0, history: 5`,
  );
  const { code, stdout, stderr } = await gatecrash([
    'nightly',
    '--config',
    here.file,
    '--quiet',
    '--verbose',
    '--blok',
  ]);
  expect([code, stdout]).toEqual([3, '']);
  const lines = stderr.split('\n').filter((line) => line.startsWith('error: '));
  expect(lines.map((line) => line.replace(`${here.file}: `, '').slice('error: '.length))).toEqual([
    expect.stringMatching(/^unknown flag "--blok"/),
    '--quiet and --verbose exclude each other',
    'unknown field "scenario"; did you mean "scenarios"?',
    'pairs[0]: the text "canary" is missing',
    'unknown mutant "watch-prox"; did you mean "watch-proxy"?',
    'unknown scenario "rute-flood"; did you mean "route-flood"?',
    'blocks must be a whole number of at least 3, not "2"',
    expect.stringMatching(/^timeBudget: "soon" is no duration/),
    'nightsBetweenAlarms must be a whole number of at least 1, not "0"',
    'history must be a text, not 5',
  ]);
  expect(globSync(path.join(here.folder, 'runs/*'))).toEqual([]);
});

test.each([
  ['this is not a program (', /error: .*gatecrash\.config\.ts: /],
  ['export const other = 1;', /export one configuration/],
  [`import 'gatecrash/no-such'; export default {};`, /gatecrash\.config\.ts: /],
])('a configuration that is %j is refused with words', async (text, words) => {
  using here = place();
  writeFileSync(here.file, text);
  const { code, stderr } = await gatecrash(['nightly', '--config', here.file]);
  expect([code, stderr]).toEqual([3, expect.stringMatching(words)]);
});

test('a damaged history is kept aside and told, and the night goes on', async () => {
  // No time for a trial: what becomes of the history shows without one.
  using here = place(`pairs: [{ name: 'same', stable: 'reference@.', canary: 'reference@.' }], timeBudget: '0s'`);
  const runs = path.join(here.folder, 'runs');
  mkdirSync(runs, { recursive: true });
  const garbage = 'this was a database once, and is long enough to be told from an empty file';
  writeFileSync(path.join(runs, 'history.db'), garbage);
  const { code, stdout } = await gatecrash(['nightly', '--config', here.file, '--quiet']);
  expect(code).toBe(4);
  expect(stdout).toMatch(/NOTHING TRIED, with troubles\..*HISTORY_UNREADABLE.*kept as .*history\.db\.unreadable-1/);
  expect(textOf(runs, 'history.db.unreadable-1')).toBe(garbage);
});

test('on a disk that is nearly full nothing is begun, and what is lacking is told', async ({ skip }) => {
  using here = place(`pairs: [{ name: 'same', stable: 'reference@.', canary: 'reference@.' }], timeBudget: '0s'`);
  const runs = path.join(here.folder, 'runs');
  mkdirSync(runs);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', runs]).status === 0;
  skip(!mounted, 'no right to mount a small disk here');
  using _ = { [Symbol.dispose]: () => void spawnSync('umount', [runs]) };
  const { code, stdout, stderr } = await gatecrash(['nightly', '--config', here.file, '--quiet']);
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr).toMatch(/error DISK_FULL: \S+runs has 6\d MiB free, a night needs 512 MiB/);
  expect(globSync(path.join(runs, '*/plan.json'))).toEqual([]);
});

test('what starts it every night is printed for the folder one stands in', async () => {
  const { code, stdout } = await gatecrash(['nightly', '--print-schedule', 'systemd']);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`WorkingDirectory=${process.cwd()}\n`)]);
});
