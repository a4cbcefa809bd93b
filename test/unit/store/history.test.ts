import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { HarnessError } from '../../../harness/model/errors.ts';
import { acknowledge, readAlarms, writeAlarm } from '../../../harness/store/history/alarms.ts';
import { migrations } from '../../../harness/store/history/migrations.ts';
import { beginNight, endNight, unfinishedNight } from '../../../harness/store/history/nights.ts';
import { checkWhole, keepAside, openHistory } from '../../../harness/store/history/open-history.ts';
import { listRuns, readRun } from '../../../harness/store/history/read-runs.ts';
import { readSeries, seriesNames } from '../../../harness/store/history/read-series.ts';
import { told } from '../../../harness/store/history/sqlite-errors.ts';
import { writeRun } from '../../../harness/store/history/write-run.ts';
import { point, record, scratch } from '../../support/history.ts';

const latency = { pair: 'next', scenario: 'none', metric: 'latency-p99' };

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as HarnessError).code;
  }
  return 'nothing was thrown';
}

function memory(): DatabaseSync {
  return openHistory(':memory:');
}

describe('what is written', () => {
  it('is read as it was', () => {
    using database = memory();
    const written = record(1);
    expect(writeRun(database, written, 'now')).toBe(1);
    const { points: _points, scenarioHashes: _hashes, findings, ...rest } = written;
    const read = readRun(database, 'night-1');
    expect(read).toEqual({
      ...rest,
      number: 1,
      findings: findings.toSorted((a, b) => (a.subject < b.subject ? -1 : 1)),
    });
    expect(readRun(database, '1')).toEqual(read);
    expect(readRun(database, 'latest')).toEqual(read);
    expect(readRun(database, 'night-2')).toBeUndefined();
  });

  it('stays as it is when the same run comes again', () => {
    using database = memory();
    writeRun(database, record(1), 'now');
    expect(writeRun(database, record(1, { decision: 'regression' }), 'then')).toBeUndefined();
    expect(listRuns(database, 10).map(({ decision }) => decision)).toEqual(['safe']);
  });

  it('is all of a run or nothing of it', () => {
    using database = memory();
    const twice = record(1, { points: [point(0), point(1)] });
    expect(() => writeRun(database, twice, 'now')).toThrow(/UNIQUE/);
    expect(listRuns(database, 10)).toEqual([]);
    expect(writeRun(database, record(1), 'now')).toBe(1);
  });

  it('comes last although the clock stepped back, and an imported run where it belongs', () => {
    using database = memory();
    writeRun(database, record(10), 'now');
    writeRun(database, record(3, { id: 'after-the-step' }), 'now');
    writeRun(database, record(5, { id: 'imported' }), 'then');
    expect(listRuns(database, 10).map(({ id }) => id)).toEqual(['after-the-step', 'night-10', 'imported']);
    expect(readSeries(database, latency).points.map(({ runId }) => runId)).toEqual([
      'imported',
      'night-10',
      'after-the-step',
    ]);
  });

  it('keeps hostile names as they are', () => {
    using database = memory();
    const pair = `'); DROP TABLE run; --\n</script>\u0000`;
    writeRun(database, record(1, { pair }), 'now');
    expect(seriesNames(database, { pair })).toHaveLength(1);
    expect(listRuns(database, 1)[0]?.pair).toBe(pair);
  });
});

describe('a series', () => {
  it('has the points of the newest form of the scenario and host only, and none that only looked again', () => {
    using database = memory();
    writeRun(database, record(1, { scenarioHashes: { none: 'older' } }), 'now');
    writeRun(database, record(2, { hostClass: 'another host' }), 'now');
    for (const night of [3, 4]) writeRun(database, record(night, { points: [point(night / 100)] }), 'now');
    writeRun(database, record(5, { kind: 'recheck' }), 'now');
    const { points } = readSeries(database, latency);
    expect(points.map(({ runId, contrast, git }) => [runId, contrast, git])).toEqual([
      ['night-3', 0.03, 'commit3'],
      ['night-4', 0.04, 'commit4'],
    ]);
  });

  it('is found by any part of its name', () => {
    using database = memory();
    writeRun(database, record(1), 'now');
    writeRun(database, record(2, { pair: 'other', points: [point(0, { metric: 'error-share' })] }), 'now');
    expect(seriesNames(database)).toEqual([latency, { ...latency, pair: 'other', metric: 'error-share' }]);
    expect(seriesNames(database, { metric: 'error-share' })).toHaveLength(1);
    expect(seriesNames(database, { pair: 'nobody' })).toEqual([]);
  });
});

it('an alarm is acknowledged after the newest point of its series', () => {
  using database = memory();
  const runs = [1, 2, 3].map((night) => writeRun(database, record(night), 'now') ?? 0);
  writeRun(database, record(4, { pair: 'other' }), 'now');
  const raised = { ...latency, drift: 'version', state: 'confirmed', run: runs[1] ?? 0, since: runs[0] ?? 0 } as const;
  const id = writeAlarm(database, { ...raised, evidence: 900, threshold: 730, shift: 0.3 });
  expect(readAlarms(database, latency).map(({ acknowledged }) => acknowledged)).toEqual([null]);
  expect(acknowledge(database, id, 'a new allocator')).toBe(true);
  expect(readAlarms(database)[0]?.acknowledged).toEqual({ afterRun: runs[2], note: 'a new allocator' });
  expect(acknowledge(database, 99, '')).toBe(false);
});

it('a night is under way until it has ended, for its own question', () => {
  using database = memory();
  const night = { id: 'n1', startedAt: '2026-01-01T02:00:00.000Z' };
  beginNight(database, night, 'asked');
  expect(unfinishedNight(database, 'asked')).toEqual(night);
  expect(unfinishedNight(database, 'another')).toBeUndefined();
  endNight(database, 'n1', '2026-01-01T03:00:00.000Z');
  expect(unfinishedNight(database, 'asked')).toBeUndefined();
});

describe('a file that is not what it should be', () => {
  it('of a newer version is refused and left as it is', () => {
    using place = scratch();
    const file = path.join(place.folder, 'history.db');
    openHistory(file).close();
    using newer = new DatabaseSync(file);
    newer.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    newer.close();
    const before = readFileSync(file);
    expect(codeOf(() => openHistory(file))).toBe('HISTORY_NEWER');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.each([
    ['no database at all', 'this is no database, and long enough to be told from an empty file'],
    ['cut off', 'SQLite format 3\u0000'],
  ])('that is %s is refused and left as it is', (_, text) => {
    using place = scratch();
    const file = path.join(place.folder, 'history.db');
    writeFileSync(file, text);
    expect(codeOf(() => openHistory(file))).toBe('HISTORY_UNREADABLE');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('of another program is refused', () => {
    using place = scratch();
    const file = path.join(place.folder, 'other.db');
    using other = new DatabaseSync(file);
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    const before = readFileSync(file);
    expect(codeOf(() => openHistory(file))).toBe('HISTORY_UNREADABLE');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('damaged in the middle is found by the whole check, and kept aside under a name that nothing has', () => {
    using place = scratch();
    const file = path.join(place.folder, 'history.db');
    const database = openHistory(file);
    for (let night = 1; night <= 400; night++) writeRun(database, record(night), 'now');
    database.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4096 * 4, 4096 * 30);
    writeFileSync(file, bytes);
    expect(codeOf(() => checkWhole(file))).toBe('HISTORY_UNREADABLE');
    writeFileSync(`${file}.unreadable-1`, 'from an earlier night');
    expect(keepAside(file)).toBe(`${file}.unreadable-2`);
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(`${file}.unreadable-2`).equals(bytes)).toBe(true);
    openHistory(file).close();
    checkWhole(file);
  });

  it('an older version is brought to the present one with what it holds', () => {
    using place = scratch();
    const file = path.join(place.folder, 'history.db');
    const old = new DatabaseSync(file);
    old.exec(`${migrations[0] ?? ''}; PRAGMA application_id = 0x47617465; PRAGMA user_version = 1`);
    writeRun(old, record(1), 'now');
    old.close();
    using database = openHistory(file);
    expect(listRuns(database, 10).map(({ id }) => id)).toEqual(['night-1']);
    expect(readAlarms(database)).toEqual([]);
  });

  it('a full disk is told with a code, and nothing half is left', () => {
    using place = scratch();
    const file = path.join(place.folder, 'history.db');
    using database = openHistory(file);
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const fill = (): void => {
      for (let night = 1; night <= 100; night++) writeRun(database, record(night), 'now');
    };
    expect(
      codeOf(() => {
        try {
          fill();
        } catch (error) {
          throw told(error, file);
        }
      }),
    ).toBe('HISTORY_NOT_WRITTEN');
    const runs = listRuns(database, 1_000);
    expect(runs.every(({ id }) => readRun(database, id)?.findings.length === 2)).toBe(true);
  });
});

it('a new file is one file once it is closed', () => {
  using place = scratch();
  const file = path.join(place.folder, 'deep', 'history.db');
  openHistory(file).close();
  expect(readdirSync(path.dirname(file))).toEqual(['history.db']);
});
