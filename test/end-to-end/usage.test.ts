import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { catalogue } from '../../scenarios/catalogue.ts';
import { gatecrash, runFolder, textOf } from '../support/cli.ts';

test('every mistake of a command line is told at once with the nearest known word, and nothing is started', async () => {
  const { code, stdout, stderr } = await gatecrash([
    'canary',
    '--stable',
    'refrence@.',
    '--canary',
    'reference@.+watch-advanc-on-timeout',
    '--scenario',
    'rute-flood',
    '--blok',
    '3',
    '--seed',
    'x',
    '--max-time',
    'soon',
  ]);
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr.split('\n').filter((line) => line.startsWith('error: '))).toEqual([
    'error: unknown flag "--blok"; did you mean "--blocks"?',
    'error: unknown gateway "refrence"; did you mean "reference"?',
    'error: unknown mutant "watch-advanc-on-timeout"; did you mean "watch-advance-on-timeout"?',
    'error: unknown scenario "rute-flood"; did you mean "route-flood"?',
    'error: --seed must be a whole number of at least 0, not "x"',
    'error: --max-time: "soon" is no duration; write a number and ms, s or m, such as 250ms',
  ]);
});

// Each is a start of the program, and nothing of one touches another.
test.concurrent.each([
  [['canary'], '--stable <build> is missing'],
  [
    ['canary', '--stable', 'reference@.', '--canary', 'reference@.', '--blocks', '2'],
    '--blocks must be a whole number of at least 3',
  ],
  [['canary', '--stable', 'reference@.', '--canary', 'reference@.', '--blocks', '11'], 'at most 10'],
  [['plan', 'none', '--looks', 'nigtly'], 'did you mean "nightly"?'],
  [['plan', 'none', '--looks', 'release', '--blocks', '4'], '--looks and --blocks exclude each other'],
  [['plan', 'none', '--calibration', '/nowhere'], '--calibration: no file /nowhere'],
  [['calibrate', '--trials', '3'], '--trials must be a whole number of at least 9'],
  [
    ['canary', '--stable', 'reference@3.0', '--canary', 'reference@.'],
    'version "3.0" cannot be run; "." is this checkout',
  ],
  [['canary', '--stable', 'reference@.', '--canary', 'reference@.', '--suite', 'quik'], 'did you mean "quick"?'],
  [['run', 'none', '--gateway', 'reference'], 'is no build'],
  [['run', 'none', '--gateway', 'reference@.', '--runtime', 'podman'], 'unknown runtime "podman"'],
  [['run', 'none', '--gateway', 'reference@.+watch-prox'], 'did you mean "watch-proxy"?'],
  [['plan', 'nothing'], 'unknown scenario "nothing"'],
  [['list', 'scenario'], 'did you mean "scenarios"?'],
  [['judge', '/nowhere'], '/nowhere'],
  [['replay', '/nowhere'], '/nowhere'],
  [['nightly', '--config', '/nowhere.ts'], 'there is no /nowhere.ts'],
  [['nightly', '--print-schedule', 'crom'], 'did you mean "cron"?'],
  [['history', '--history', '/nowhere.db'], 'there is no history at /nowhere.db'],
  [['run', 'none', '--gateway', 'reference@.', '--quiet', '--verbose'], 'exclude each other'],
  [['report', '/nowhere', '--format', 'htlm'], 'did you mean "html"?'],
  [['canari'], "unknown command 'canari'"],
])('%j is refused with exit code 3 and words', async (args, words) => {
  const { code, stderr } = await gatecrash(args);
  expect(stderr).toContain(words);
  expect(code).toBe(3);
});

test('no etcd to be had: exit 4, saying how to get one', async () => {
  const { code, stderr } = await gatecrash(['run', 'none', '--gateway', 'reference@.'], { GATECRASH_ETCD: '/no/etcd' });
  expect(code).toBe(4);
  expect(stderr).toMatch(/ETCD_NOT_FOUND.*\/no\/etcd/);
});

test('plan shows the same experiment for the same seed, and list knows what plan takes', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => gatecrash(['plan', 'route-flood', '--seed', '7', '--json'])));
  expect(one?.stdout).toBe(other?.stdout);
  const listed = JSON.parse((await gatecrash(['list', 'scenarios', '--json'])).stdout) as {
    scenarios: { name: string }[];
  };
  expect(listed.scenarios.map(({ name }) => name)).toContain('route-flood');
});

test('plan says what so many blocks can detect, and how long they take: more find less, in more time', async () => {
  const [three, six] = await Promise.all(['3', '6'].map((blocks) => gatecrash(['plan', 'none', '--blocks', blocks])));
  const said =
    / {2}detects {3}in (\d) blocks, about (\d+) s \(scales: built-in\)\n {4}latency-p99 +\+(\d+) % in 80 %, \+(\d+) % in 95 % of checks; an equal build is inside \+150 % with (\d+) %/;
  const told = [three, six].map(
    (ran) =>
      said
        .exec(ran?.stdout ?? '')
        ?.slice(1)
        .map(Number) ?? [],
  );
  const [ofThree = [], ofSix = []] = told;
  expect([ofThree[0], ofSix[0]]).toEqual([3, 6]);
  // Each is rounded to whole seconds.
  expect(Math.abs((ofSix[1] ?? Number.NaN) - 2 * (ofThree[1] ?? Number.NaN))).toBeLessThanOrEqual(1);
  expect(ofSix[2]).toBeLessThan(ofThree[2] ?? Number.NaN);
  expect(ofSix[3]).toBeLessThan(ofThree[3] ?? Number.NaN);
  expect(ofSix[4]).toBeGreaterThanOrEqual(ofThree[4] ?? Number.NaN);
  const both = await gatecrash(['plan', 'none']);
  expect(both.stdout).toMatch(/ {2}detects {3}in up to 5 blocks, about \d+ s/);
});

test('a plan that was printed is replayed as it is, and one that was changed is refused', async () => {
  using folder = runFolder();
  const printed = await gatecrash(['plan', 'none', '--seed', '7', '--json']);
  const file = `${folder.folder}.json`;
  writeFileSync(file, printed.stdout.replace('"seed": 7', '"seed": 8'));
  const changed = await gatecrash(['replay', file]);
  expect([changed.code, changed.stderr]).toEqual([3, expect.stringContaining('it was changed')]);
  writeFileSync(file, printed.stdout);
  const replayed = await gatecrash(['replay', file, '--max-time', '0s', '--out', folder.folder]);
  expect(replayed.code).toBe(2);
  expect(JSON.parse(textOf(folder.folder, 'plan.json'))).toEqual(JSON.parse(printed.stdout));
});

test('a scenario of a file is played again by its run folder', async () => {
  using folder = runFolder();
  const file = `${folder.folder}.yaml`;
  writeFileSync(file, stringify({ ...catalogue.at(-1), name: 'mine' }));
  const builds = ['--stable', 'reference@.', '--canary', 'reference@.'];
  const run = await gatecrash(['canary', ...builds, '--scenario', file, '--max-time', '0s', '--out', folder.folder]);
  expect(run.stderr).toMatch(/again {5}gatecrash replay .*run/);
  writeFileSync(file, 'name: 1');
  const wrong = await gatecrash(['canary', ...builds, '--scenario', file, 'rute-flood']);
  expect([wrong.code, wrong.stderr]).toEqual([
    3,
    expect.stringMatching(/\.yaml:1:7: must be string[\s\S]*route-flood/),
  ]);
});

test('the schema for editors is printed', async () => {
  const { code, stdout } = await gatecrash(['schema']);
  expect([code, (JSON.parse(stdout) as { title: string }).title]).toEqual([0, 'gatecrash scenario']);
});

test('doctor says what this host can do', async () => {
  const { code, stdout } = await gatecrash(['doctor', '--json']);
  expect(code).toBe(0);
  const findings = JSON.parse(stdout) as { name: string; found: boolean }[];
  expect(findings.filter(({ name }) => name === 'node' || name === 'etcd').map(({ found }) => found)).toEqual([
    true,
    true,
  ]);
});

test('a run is kept in the history when asked, and told to GitHub inside a workflow', async () => {
  using folder = runFolder();
  const [page, history] = [`${folder.folder}.page.md`, `${folder.folder}.db`];
  const builds = ['--stable', 'reference@.', '--canary', 'reference@.'];
  const args = ['canary', ...builds, '--max-time', '0s', '--out', folder.folder, '--history', history, '--json'];
  const { code, stdout, stderr } = await gatecrash(args, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: page });
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ decision: 'inconclusive' });
  expect(stderr).toMatch(/^::error title=INCONCLUSIVE/m);
  expect(textOf(page)).toContain('# ? INCONCLUSIVE');
  const kept = await gatecrash(['history', '--history', history, '--json']);
  expect(JSON.parse(kept.stdout)).toMatchObject([{ kind: 'canary', pair: 'reference@.', decision: 'inconclusive' }]);
});

test('a history that cannot be written is told before anything is run', async () => {
  using folder = runFolder();
  const history = `${folder.folder}.db`;
  writeFileSync(history, 'no database, and long enough to be told from an empty file');
  const builds = ['--stable', 'reference@.', '--canary', 'reference@.'];
  const { code, stderr } = await gatecrash(['canary', ...builds, '--out', folder.folder, '--history', history]);
  expect([code, stderr]).toEqual([4, expect.stringContaining('HISTORY_UNREADABLE')]);
  expect(textOf(folder.folder, 'plan.json')).toBe('');
});
