/** What `make bench` keeps of runs of some benchmarks. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openResults } from '../../../bench/results.ts';
import { type Goal, invalid, measured, skipped } from '../../../bench/row.ts';

const goal: Goal = { id: 'cost', what: 'cost of it', unit: 'x', atMost: 2, aim: 1.5 };
const names = ['first', 'second'];

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-'));
  file = path.join(folder, 'below', 'results.json');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const origin = (benchmark: string, measuredAt: string) => ({
  benchmark,
  measuredAt,
  commit: `commit of ${measuredAt}`,
});

test('a run of one benchmark leaves the rows of the others, with their date and commit, in the order of all', () => {
  const before = openResults(file, names);
  expect(before.rows()).toEqual([]);
  before.keep([measured(goal, 1, 'old')], origin('second', 'Monday'));
  before.keep([measured(goal, 2, 'old')], origin('first', 'Monday'));
  const after = openResults(file, names);
  after.keep([measured(goal, 3, 'new'), skipped({ ...goal, id: 'other' }, 'no nginx')], origin('first', 'Tuesday'));
  expect(openResults(file, names).rows()).toEqual(after.rows());
  expect(after.rows()).toMatchObject([
    { benchmark: 'first', measuredAt: 'Tuesday', commit: 'commit of Tuesday', value: 3, ok: false },
    { benchmark: 'first', id: 'other', value: null, ok: null, reference: 'skipped: no nginx' },
    { benchmark: 'second', measuredAt: 'Monday', commit: 'commit of Monday', value: 1, ok: true },
  ]);
});

test('rows of benchmarks that there are no more, and of those that bear no name, go', () => {
  openResults(file, ['gone']).keep([measured(goal, 1, 'old')], origin('gone', 'Monday'));
  const rows = JSON.parse(readFileSync(file, 'utf8')) as object[];
  writeFileSync(file, JSON.stringify([...rows, measured(goal, 1, 'without an origin')]));
  expect(openResults(file, names).rows()).toEqual([]);
});

test('a row tells its goal and its aim, also when nothing could be measured', () => {
  const { aim: _aim, ...aimless } = goal;
  expect(measured(goal, 1.7, 'so')).toMatchObject({ value: 1.7, goal: '<= 2', aim: '<= 1.5', ok: true });
  expect(measured({ ...aimless, atMost: 1 }, 1.7, 'so')).toMatchObject({ goal: '<= 1', aim: '', ok: false });
  expect(skipped(goal, 'why')).toMatchObject({ value: null, goal: '<= 2', aim: '<= 1.5', ok: null });
  expect(invalid(goal, 'why')).toMatchObject({ value: null, ok: false, reference: 'invalid: why' });
  expect(measured({ id: 'rate', what: 'rate', unit: '', atLeast: 3, aim: 4 }, 2, 'so')).toMatchObject({
    goal: '>= 3',
    aim: '>= 4',
    ok: false,
  });
});
