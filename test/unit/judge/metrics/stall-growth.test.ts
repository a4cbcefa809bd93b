/** The stall exponent: a log–log slope over the sizes of the table that a trial went through, and what it needs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../../harness/judge/judge.ts';
import { measure } from '../../../../harness/judge/metrics/index.ts';
import type { Measured } from '../../../../harness/judge/metrics/metric.ts';
import type { Evidence } from '../../../../harness/model/evidence.ts';
import { filledStart } from '../../../../harness/model/filled-routes.ts';
import type { History } from '../../../../harness/model/history.ts';
import type { Arm } from '../../../../harness/model/plan.ts';
import { samples } from '../../../../harness/model/samples.ts';
import { stallsBySize } from '../../../../harness/model/stalls.ts';
import { tableGrowth } from '../../../../scenarios/routes/table-growth.ts';
import { evidence, trial } from '../../../support/evidence.ts';
import { grownTable, isSettling, sizes } from '../../../support/grown-table.ts';

type Longest = Parameters<typeof grownTable>[0];

const of = (longest: Longest, edit: (history: History) => History = (history) => history): Measured =>
  measure(
    'stall-growth',
    trial(tableGrowth, 1, 'canary', {}, (history) => edit(grownTable(longest)(history))),
  );
const value = (longest: Longest): number => {
  const measured = of(longest);
  return measured.state === 'measured' ? measured.value : Number.NaN;
};
/** One stall for each size. */
const stalls =
  (...ms: readonly number[]): Longest =>
  (routes) =>
    ms[sizes.indexOf(routes)] ?? Number.NaN;

describe('stalls by the size of the table', () => {
  it('are those of whole seconds in which it stood, from the baseline to the heal', () => {
    const record = trial(tableGrowth, 1, 'canary', {}, grownTable((routes, atMs) => (isSettling(atMs) ? 9_999 : routes))); // prettier-ignore
    const found = stallsBySize(record.history);
    expect(found.map(({ routes }) => routes)).toEqual(sizes);
    for (const { routes, longestMs } of found) expect(new Set(longestMs)).toEqual(new Set([routes]));
    // Ten seconds of the baseline, and four of each step: the two after its beginning are left out.
    expect(found.map(({ longestMs }) => longestMs.length)).toEqual([10, 4, 4, 4]);
  });

  it('are of a size only once every worker has shown the last of its routes, and of none while that is awaited', () => {
    const record = trial(
      tableGrowth,
      1,
      'canary',
      {},
      grownTable((routes) => routes),
    );
    const slow = (step: number): History => record.history.filter((o) => o.kind !== 'visible' || !o.route.startsWith(filledStart(step))); // prettier-ignore
    expect(stallsBySize(slow(2)).map(({ routes }) => routes)).toEqual(sizes.slice(0, 3));
    expect(stallsBySize(slow(0)).map(({ routes }) => routes)).toEqual(sizes.slice(0, 1));
    const late = record.history.map((o) => (o.kind === 'visible' && o.route.startsWith(filledStart(1)) ? { ...o, atMs: 26_500 } : o)); // prettier-ignore
    const [, , third] = stallsBySize(late.toSorted((a, b) => a.atMs - b.atMs));
    expect(third).toEqual({ routes: 3_600, longestMs: [3_600, 3_600] });
  });

  it('end with the fault phase', () => {
    const record = trial(
      tableGrowth,
      1,
      'canary',
      {},
      grownTable(() => 7),
    );
    const late = { kind: 'load', sent: 1, ok: 1, errors: {}, p50Ms: 1, p99Ms: 1, maxMs: 900, atMs: 40_000 } as const;
    const found = stallsBySize([...record.history, late]);
    expect(found.flatMap(({ longestMs }) => longestMs)).not.toContain(900);
  });
});

describe('stall-growth', () => {
  it.each([
    ['that does not grow', 0, 1],
    ['as the square root', 0.5, Math.SQRT2],
    ['as the table itself', 1, 2],
    ['as its square', 2, 4],
  ])('of a stall %s is 2 to the exponent %d', (_, exponent, expected) => {
    const measured = of((routes) => 6 * (routes / 400) ** exponent);
    expect(measured).toMatchObject({ state: 'measured', censored: false });
    if (measured.state !== 'measured') return;
    expect(measured.value).toBeCloseTo(expected, 9);
    expect(measured.y).toBeCloseTo(exponent * Math.LN2, 9);
  });

  /**
   * By hand: sizes in steps of 3, stalls of 6, 12, 12 and 96 ms, so the slopes of the six pairs are 1, 1/2, 4/3, 0, 3/2 and 3
   * times ln 2 / ln 3. Their median is 7/6 of it.
   */
  it('is by the median of the slopes of all pairs of sizes', () => {
    expect(value(stalls(6, 12, 12, 96))).toBeCloseTo(2 ** (((7 / 6) * Math.LN2) / Math.log(3)), 9);
  });

  it('takes the median over the seconds of a size: one stall of the host is not the table', () => {
    expect(value((routes, atMs) => (atMs === 35_000 ? 3_000 : routes / 50))).toBeCloseTo(2, 9);
  });

  it('leaves out a size that was seen for two seconds only', () => {
    const few = (history: History): History =>
      history.filter((o) => o.kind !== 'load' || o.atMs < 21_000 || o.atMs > 22_500);
    const measured = of((routes) => (routes === 1_200 ? 4_000 : routes / 50), few);
    expect(measured.state === 'measured' ? measured.value : Number.NaN).toBeCloseTo(2, 9);
  });

  it('does not take what every host does for growth: stalls below 5 ms are alike', () => {
    expect(value(stalls(0.4, 1, 2, 4.9))).toBe(1);
  });

  it('does not depend on the unit of time', () => {
    const ms = fc.integer({ min: 5, max: 400 });
    fc.assert(
      fc.property(fc.tuple(ms, ms, ms, ms), fc.integer({ min: 1, max: 1_000 }), (each, unit) => {
        expect(value(stalls(...each.map((one) => one * unit)))).toBeCloseTo(value(stalls(...each)), 9);
      }),
      { numRuns: 40 },
    );
  });

  it('does not fall when the stalls of the largest table get longer', () => {
    const ms = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(fc.tuple(ms, ms, ms, ms), fc.nat(2_000), ([a, b, c, d], longer) => {
        expect(value(stalls(a, b, c, d + longer))).toBeGreaterThanOrEqual(value(stalls(a, b, c, d)) - 1e-12);
      }),
      { numRuns: 40 },
    );
  });
});

describe('stall-growth has', () => {
  const linear: Longest = (routes) => routes / 50;
  const withoutSteps =
    (...gone: readonly number[]) =>
    (history: History): History =>
      history.filter((o) => o.kind !== 'fault' || !gone.includes(o.step));
  const withoutSeconds = (from: number, to: number) => (history: History) =>
    history.filter((o) => o.kind !== 'load' || o.atMs < from || o.atMs > to);
  const edited = (change: (o: History[number]) => History[number]) => (history: History) => history.map(change);

  it.each<[string, Longest, (history: History) => History]>([
    ['the records are from before longest latencies were kept', () => undefined, (h) => h],
    ['the size of the table is not known', linear, (h) => h.filter((o) => o.kind !== 'sample' || o.metric !== samples.tableRoutes)], // prettier-ignore
    ['nothing was recorded', linear, () => []],
    ['there is no load', linear, (h) => h.filter(({ kind }) => kind !== 'load')],
    ['a longest latency is not a number', (routes) => (routes > 400 ? Number.NaN : 9), (h) => h],
    ['one is null, as JSON writes NaN', linear, edited((o) => JSON.parse(JSON.stringify(o.kind === 'load' && o.atMs === 15_000 ? { ...o, maxMs: Number.NaN } : o)) as typeof o)], // prettier-ignore
    ['one is negative', (routes) => (routes > 400 ? -9 : 9), (h) => h],
    ['the table begins with no route', linear, edited((o) => (o.kind === 'sample' && o.metric === samples.tableRoutes ? { ...o, value: 0 } : o))], // prettier-ignore
  ])('no data when %s', (_, longest, edit) => {
    expect(of(longest, edit)).toMatchObject({ state: 'missing', cause: 'no-data' });
  });

  it.each<[string, (history: History) => History, RegExp]>([
    ['fewer than three sizes', withoutSteps(1, 2), /^2 sizes of the table for 3 s each, of 3 needed$/],
    ['a table that hardly grew', edited((o) => (o.kind === 'sample' && o.metric === samples.tableRoutes ? { ...o, value: 9_000 } : o)), /^9000 to 19400 routes, and 4 times as many are needed$/], // prettier-ignore
    ['two seconds of two sizes', (h) => withoutSeconds(27_000, 28_500)(withoutSeconds(21_000, 22_500)(h)), /^2 sizes of the table for 3 s each/], // prettier-ignore
  ])('no power with %s', (_, edit, why) => {
    expect(of(linear, edit)).toMatchObject({ cause: 'no-power', why: expect.stringMatching(why) as string });
  });
});

describe('the scenario table-growth', () => {
  const run = (longest: (arm: Arm, block: number) => Longest): Evidence => {
    const made = evidence([tableGrowth], 3);
    const trials = made.trials.map((t) => ({ ...t, history: grownTable(longest(t.arm, t.block))(t.history) }));
    return { ...made, trials };
  };
  const flat = (): Longest => () => 12;
  const rebuilds: Longest = (routes) => routes / 30;

  it('is safe when the stalls of the canary grow as little as those of stable', () => {
    expect(judge(run(flat)).decision).toBe('safe');
  });

  it('names the metric when the canary rebuilds its table for each change', () => {
    const verdict = judge(run((arm) => (arm === 'canary' ? rebuilds : flat())));
    const found = verdict.scenarios[0]?.findings[0];
    expect(verdict.decision).toBe('regression');
    expect(found).toMatchObject({ subject: 'stall-growth', decision: 'regression', pValue: 0.0493827, estimate: 2 });
    expect(found?.because).toContain(
      "growth of the longest stall with each doubling of the route table is 2 times stable's (2 times against 1 times)",
    );
    expect(verdict.constants).toMatchObject({ 'stall-growth.trialSd': 0.2, 'stall-growth.floorMs': 5 });
  });

  it('is safe when both rebuild it: the canary is no worse', () => {
    expect(judge(run(() => rebuilds)).decision).toBe('safe');
  });

  it('is invalid when one arm has no record of it', () => {
    const verdict = judge(run((arm) => (arm === 'twin' ? () => undefined : flat())));
    expect(verdict.decision).toBe('invalid');
    expect(verdict.because).toContain('no data: twin, block 1, and 2 more trials like it');
  });
});
