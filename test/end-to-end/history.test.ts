import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { routeFlood } from '../../scenarios/routes/route-flood.ts';
import { gatecrash } from '../support/cli.ts';
import { evidence } from '../support/evidence.ts';
import { scratch } from '../support/history.ts';
import { writeRunFolder } from '../support/run-folder.ts';

/** Five nights as run folders; the canary is worse from the third on. */
function nights(folder: string): string[] {
  return [1, 2, 3, 4, 5].map((night) => {
    const run = path.join(folder, `night-${night}`);
    const tried = evidence([routeFlood], 3, (arm) => ({ p99Ms: arm === 'canary' && night > 2 ? 20 : 5 }));
    writeRunFolder(run, tried, { startedAt: `2026-01-0${night}T02:00:00.000Z`, git: `commit${night}` });
    return run;
  });
}

test('run folders are imported, listed, shown and followed, in every form', async () => {
  using place = scratch();
  const at = ['--history', path.join(place.folder, 'history.db')];
  const runs = nights(place.folder);
  const imported = await gatecrash(['history', 'import', ...runs.toReversed(), '--pair', 'next', ...at]);
  expect([imported.code, imported.stdout]).toEqual([0, expect.stringMatching(/night-5 is run 1\n/)]);
  const twice = await gatecrash(['history', 'import', ...runs, '--pair', 'next', ...at]);
  expect(twice.stdout.match(/was there already/g)).toHaveLength(5);

  const listed = JSON.parse((await gatecrash(['history', 'list', '--json', ...at])).stdout) as { id: string }[];
  expect(listed.map(({ id }) => id)).toEqual(['night-5', 'night-4', 'night-3', 'night-2', 'night-1']);
  expect((await gatecrash(['history', '--limit', '2', ...at])).stdout.trim().split('\n')).toHaveLength(2);
  const text = (await gatecrash(['history', 'show', 'night-3', ...at])).stdout;
  expect(text).toMatch(/latency-p99.*4\.\d+×|latency-p99/);
  const unknown = await gatecrash(['history', 'show', 'night-9', ...at]);
  expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('did you mean "night-')]);

  const csv = (await gatecrash(['history', 'trend', '--format', 'csv', ...at])).stdout.split('\r\n');
  expect(csv[0]).toContain('pair,scenario,metric,run,started');
  expect(csv).toHaveLength(1 + 3 * 5 + 1);
  const otava = (await gatecrash(['history', 'trend', '--format', 'otava', '--metric', 'latency-p99', ...at])).stdout;
  const [head, ...rows] = otava.trim().split('\n');
  expect(head).toBe('time,commit,latency-p99,stable.latency-p99');
  expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual(
    [1, 2, 3, 4, 5].map((night) => [`2026-01-0${night} 02:00:00 +0000`, `commit${night}`]),
  );
  expect(rows.map((row) => Math.round(Number(row.split(',')[2])))).toEqual([1, 1, 4, 4, 4]);

  // Three nights of four times: the whole series of a small installation.
  const trend = await gatecrash([
    'history',
    'trend',
    '--metric',
    'latency-p99',
    '--nights-between-alarms',
    '50',
    ...at,
  ]);
  expect(trend.stdout).toMatch(/the canary drifted by \+300 % since 2026-01-03, between commit2 and commit3/);
}, 360_000);

test('mistakes are told at once, and reading makes no file', async () => {
  using place = scratch();
  const file = path.join(place.folder, 'history.db');
  const wrong = await gatecrash([
    'history',
    'trend',
    '--format',
    'xml',
    '--nights-between-alarms',
    'x',
    '--blok',
    '--history',
    file,
  ]);
  expect(wrong.code).toBe(3);
  expect(wrong.stderr.split('\n').filter((line) => line.startsWith('error: '))).toHaveLength(4);
  expect((await gatecrash(['history', 'lst', '--history', file])).stderr).toContain('did you mean "list"?');
  expect((await gatecrash(['history', 'acknowledge', 'x', '--history', file])).code).toBe(3);
  expect((await gatecrash(['history', 'import', place.folder, '--history', file])).stderr).toContain('no plan.json');
  expect(() => readFileSync(file)).toThrow('ENOENT');
}, 360_000);

test('a history that cannot be read is refused with a code and left as it is', async () => {
  using place = scratch();
  const file = path.join(place.folder, 'history.db');
  writeFileSync(file, 'no database, and long enough to be told from an empty file');
  const garbage = await gatecrash(['history', '--history', file]);
  expect([garbage.code, garbage.stderr]).toEqual([4, expect.stringContaining('error HISTORY_UNREADABLE')]);
  expect(readFileSync(file, 'utf8')).toContain('no database');
  const newer = path.join(place.folder, 'newer.db');
  await gatecrash(['history', 'import', nights(place.folder)[0] ?? '', '--history', newer]);
  using database = new DatabaseSync(newer);
  database.exec('PRAGMA user_version = 99');
  database.close();
  const refused = await gatecrash(['history', '--history', newer]);
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('error HISTORY_NEWER')]);
}, 360_000);
