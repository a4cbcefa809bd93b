/** Nights after nights, with trials that never ran: the record of real ones would say the same. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nightExitCode } from '../../../harness/commands/nightly/exit-code.ts';
import { tellTrends } from '../../../harness/commands/nightly/tell-trends.ts';
import { writeReports } from '../../../harness/commands/verdict-output.ts';
import { judge } from '../../../harness/judge/judge.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { exitCode } from '../../../harness/model/exit-codes.ts';
import type { NightOutcome } from '../../../harness/model/night.ts';
import { acknowledge, readAlarms } from '../../../harness/store/history/alarms.ts';
import { openHistory } from '../../../harness/store/history/open-history.ts';
import { listRuns } from '../../../harness/store/history/read-runs.ts';
import { readSeries } from '../../../harness/store/history/read-series.ts';
import { readEvidence } from '../../../harness/store/read-evidence.ts';
import { lockNightly } from '../../../harness/store/nightly-lock.ts';
import { scratch } from '../../support/history.ts';
import { type World, world } from '../../support/synthetic-night.ts';

/** Worse by half, which the scenario tolerates: one night alone says SAFE. */
const worse = (night: number, from: number): number => (night >= from ? 7.5 : 5);

async function nights(self: World, count: number): Promise<NightOutcome[]> {
  const outcomes: NightOutcome[] = [];
  for (let night = 0; night < count; night++) outcomes.push((await self.play()) as NightOutcome);
  return outcomes;
}

describe('a fortnight with a regression from night 8 on', () => {
  it('rings soon after night 8, says since when and between which commits, and rings until it is acknowledged', async () => {
    using self = world();
    self.shape = (night, arm) => (arm === 'canary' ? { p99Ms: worse(night, 8) } : {});
    const outcomes = await nights(self, 14);
    const codes = outcomes.map(nightExitCode);
    const first = codes.indexOf(exitCode.regression) + 1;
    expect(codes.slice(0, 7)).toEqual(Array.from({ length: 7 }, () => exitCode.safe));
    expect(first).toBeGreaterThanOrEqual(8);
    expect(first).toBeLessThanOrEqual(11);
    expect(codes.slice(first - 1).every((code) => code === exitCode.regression)).toBe(true);
    const [alarm] = outcomes[first - 1]?.alarms ?? [];
    expect(alarm).toMatchObject({ fresh: true, drift: 'version', state: 'confirmed', metric: 'latency-p99' });
    expect(alarm?.words).toMatch(/the canary drifted by \+\d+ % since 2026-01-0[789] .*commit7 and commit8/);
    // Looked at again once, and no more while it stands.
    expect(self.played.filter((name) => name.endsWith('-again'))).toHaveLength(1);

    using database = openHistory(self.suite.history);
    const [stored] = readAlarms(database);
    expect(acknowledge(database, stored?.id ?? 0, 'a new allocator')).toBe(true);
    const after = await nights(self, 6);
    expect(after.map(nightExitCode)).toEqual(Array.from({ length: 6 }, () => exitCode.safe));
    expect(readSeries(database, { pair: 'next', scenario: 'route-flood', metric: 'latency-p99' }).points).toHaveLength(
      20,
    );
  });

  it('that is gone when it is looked at again wakes nobody', async () => {
    using self = world();
    const again = { now: false };
    self.before = (folder) => (again.now = folder.endsWith('-again'));
    self.shape = (night, arm) => (arm === 'canary' && !again.now ? { p99Ms: worse(night, 8) } : {});
    const outcomes = await nights(self, 11);
    expect(outcomes.map(nightExitCode).every((code) => code === exitCode.safe)).toBe(true);
    const states = outcomes.flatMap(({ alarms }) => alarms.map(({ state }) => state));
    expect(states.length).toBeGreaterThan(0);
    expect(new Set(states)).toEqual(new Set(['went-away']));
  });

  it('of stable itself is a drift of the environment, and no regression', async () => {
    using self = world();
    self.shape = (night) => ({ p99Ms: night >= 16 ? 20 : 5 });
    const outcomes = await nights(self, 22);
    const drifts = new Set(outcomes.flatMap(({ alarms }) => alarms.map(({ drift }) => drift)));
    expect(drifts).toEqual(new Set(['environment']));
    expect(outcomes.map(nightExitCode).at(-1)).toBe(exitCode.undecided);
    expect(
      outcomes
        .slice(0, 15)
        .map(nightExitCode)
        .every((code) => code === exitCode.safe),
    ).toBe(true);
  });
});

it('the report of the night in which it rings shows the alarm and the nights before, also when it is written again', async () => {
  using self = world();
  self.shape = (night, arm) => (arm === 'canary' ? { p99Ms: worse(night, 4) } : {});
  await nights(self, 8);
  const outcome = await self.play({ tellTrends });
  const { folder = '' } = outcome?.pairs[0] ?? {};
  const page = readFileSync(path.join(folder, 'report.html'), 'utf8');
  expect(page).toMatch(
    /TREND ALARM<\/strong>\s+over the nights: <a href="#trends">latency-p99 of route-flood \(next\)/,
  );
  expect(page).toMatch(/<h2 id="trends-title">.*<h3>latency-p99 of route-flood \(next\): 9 nights/s);
  expect(page).toMatch(/aria-label="9 nights: [^"]*; changed in the night of 2026-01-0[345]"/);
  writeReports(folder, judge(readEvidence(folder)), ['html']);
  expect(readFileSync(path.join(folder, 'report.html'), 'utf8')).toBe(page);
});

describe('a night that is cut short', () => {
  it('goes on with the pairs that are left, and repeats none', async () => {
    using self = world(['one', 'two', 'three']);
    self.before = (folder) => {
      if (folder.endsWith('-two')) throw new Error('killed');
    };
    await expect(self.play()).rejects.toThrow('killed');
    self.before = () => undefined;
    const outcome = await self.play();
    expect(self.played).toEqual(['20260101-020000-1-one', '20260101-020000-1-two', '20260101-020000-1-three']);
    expect(outcome?.pairs.map(({ pair, decision }) => [pair, decision])).toEqual([
      ['one', 'safe'],
      ['two', 'safe'],
      ['three', 'safe'],
    ]);
    expect((await self.play())?.night).toBe('20260102-020000-1');
  });

  it('hands over the folder of a run that was begun, with its plan', async () => {
    using self = world();
    const begun: (string | undefined)[] = [];
    const plans: string[] = [];
    await expect(
      self.play({
        play: async (execution) => {
          const { writeRunFolder } = await import('../../support/run-folder.ts');
          writeRunFolder(execution.out ?? '', { plan: execution.plan, trials: [] });
          plans.push(execution.plan.hash);
          throw new Error('killed');
        },
      }),
    ).rejects.toThrow('killed');
    await self.play({
      play: async (execution, unfinished) => {
        begun.push(unfinished);
        plans.push(execution.plan.hash);
        return { folder: execution.out ?? '', verdict: undefined };
      },
    });
    expect(begun).toEqual([path.join(self.suite.runs, '20260101-020000-1-next')]);
    expect(plans[1]).toBe(plans[0]);
  });

  it('by a signal tells nothing and goes on the next time', async () => {
    using self = world(['one', 'two']);
    expect(await self.play({ play: async ({ out }) => ({ folder: out ?? '', verdict: undefined }) })).toBeUndefined();
    expect((await self.play())?.night).toBe('20260101-020000-1');
  });
});

describe('what goes wrong', () => {
  it('with one pair keeps the others, and is told', async () => {
    using self = world(['one', 'two']);
    let cleaned = 0;
    self.before = (folder) => {
      if (folder.endsWith('-one')) throw new HarnessError('RESIDUE', 'processes of the run are left');
    };
    const outcome = await self.play({ clean: async () => void cleaned++ });
    expect(outcome?.pairs.map(({ decision }) => decision)).toEqual([undefined, 'safe']);
    expect(outcome?.troubles).toEqual(['one: error RESIDUE: processes of the run are left']);
    expect([cleaned, nightExitCode(outcome as NightOutcome)]).toEqual([1, exitCode.broken]);
  });

  it('when the time is used up is told of every pair that was not tried', async () => {
    using self = world(['one', 'two'], { timeBudgetMs: 60_000 });
    const outcome = await self.play();
    expect(self.played).toEqual([]);
    expect(outcome?.pairs.map(({ because }) => because)).toEqual([
      'not tried: the time budget was used up',
      'not tried: the time budget was used up',
    ]);
    expect(nightExitCode(outcome as NightOutcome)).toBe(exitCode.undecided);
  });

  it('when the clock steps back leaves the whole budget, and the order of the nights', async () => {
    using self = world(['next'], { timeBudgetMs: 600_000 });
    const shares: (number | undefined)[] = [];
    const outcome = await self.play({
      now: () => new Date(0),
      play: async ({ maxTimeMs, out }) => {
        shares.push(maxTimeMs);
        return { folder: out ?? '', verdict: undefined };
      },
    });
    expect([outcome, shares]).toEqual([undefined, [600_000]]);
  });
});

it('pairs share the time that is left', async () => {
  using self = world(['one', 'two', 'three'], { timeBudgetMs: 660_000 });
  const shares: (number | undefined)[] = [];
  await self.play({
    play: async ({ maxTimeMs }) => {
      shares.push(maxTimeMs);
      throw new HarnessError('ETCD_NOT_FOUND', 'there is none');
    },
  });
  expect(shares).toEqual([200_000, 300_000, 600_000]);
  using database = openHistory(self.suite.history);
  expect(listRuns(database, 10)).toEqual([]);
});

describe('the lock', () => {
  it('lets one in, says who holds it, and is free again afterwards', () => {
    using place = scratch();
    const history = path.join(place.folder, 'runs', 'history.db');
    const holder = { pid: 4711, host: 'here', startedAt: '2026-01-01T02:00:00.000Z' };
    const held = lockNightly(history, holder);
    expect(() => lockNightly(history, holder)).toThrow('process 4711 on here, since 2026-01-01T02:00:00.000Z');
    held[Symbol.dispose]();
    lockNightly(history, holder)[Symbol.dispose]();
    expect(existsSync(`${history}.lock.json`)).toBe(false);
  });

  it('is not held by the words of one that was killed', () => {
    using place = scratch();
    const history = path.join(place.folder, 'history.db');
    mkdirSync(place.folder, { recursive: true });
    lockNightly(history, { pid: 1, host: 'x', startedAt: 'then' })[Symbol.dispose]();
    using again = lockNightly(history, { pid: 2, host: 'x', startedAt: 'now' });
    expect(again).toBeDefined();
  });
});
