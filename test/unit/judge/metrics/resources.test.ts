/** What the gateway uses, keeps and asks for: one number per trial from samples; and what the fault does to a trial. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measure } from '../../../../harness/judge/metrics/index.ts';
import { growth, valueAt } from '../../../../harness/judge/sampled.ts';
import { theilSen } from '../../../../harness/judge/statistics/theil-sen.ts';
import type { TrialEvidence } from '../../../../harness/model/evidence.ts';
import type { History } from '../../../../harness/model/history.ts';
import { samples } from '../../../../harness/model/samples.ts';
import { none } from '../../../../scenarios/steady/none.ts';
import type { Metric } from '../../../../scenarios/scenario.ts';
import { trial, type Shape } from '../../../support/evidence.ts';

const of = (shape: Partial<Shape>, edit?: (history: History) => History): TrialEvidence =>
  trial(none, 1, 'canary', shape, edit);
const value = (metric: Metric, record: TrialEvidence): number => {
  const measured = measure(metric, record);
  return measured.state === 'measured' ? measured.value : Number.NaN;
};
const without =
  (name: string) =>
  (history: History): History =>
    history.filter((o) => o.kind !== 'sample' || o.metric !== name);

describe('samples', () => {
  const points = [
    { atMs: 0, value: 10 },
    { atMs: 100, value: 20 },
    { atMs: 200, value: 60 },
  ];

  it.each([
    [0, 10],
    [50, 15],
    [100, 20],
    [175, 50],
    [200, 60],
    [-1, undefined],
    [201, undefined],
  ])('at %d ms are %d', (atMs, expected) => expect(valueAt(points, atMs)).toBe(expected));

  it('grow between two moments, where both are covered', () => {
    expect(growth(points, { fromMs: 50, toMs: 150 })).toBe(25);
    expect(growth(points, { fromMs: 50, toMs: 250 })).toBeUndefined();
    expect(growth([], { fromMs: 0, toMs: 1 })).toBeUndefined();
  });
});

describe('Theil–Sen', () => {
  /** scipy.stats.theilslopes gives the same. */
  it('is the median of the slopes of all pairs', () => {
    const points = [[1, 2], [2, 3], [3, 5], [4, 4], [5, 20]].map(([x = 0, y = 0]) => ({ x, y })); // prettier-ignore
    expect(theilSen(points)).toBe(1.75);
  });

  it('finds a line through any third of wild points, and is none where x stands still', () => {
    const line = Array.from({ length: 30 }, (_, i) => ({ x: i, y: 3 * i + (i % 4 === 0 ? 900 : 0) }));
    expect(theilSen(line)).toBe(3);
    expect(theilSen([{ x: 1, y: 1 }, { x: 1, y: 5 }])).toBeUndefined(); // prettier-ignore
    expect(theilSen([])).toBeUndefined();
  });

  it('takes as many points as it can afford, from all over', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ({ x: i, y: i < 2_500 ? 0 : i - 2_500 }));
    const slope = theilSen(many) ?? Number.NaN;
    expect(slope).toBeGreaterThan(0.1);
    expect(slope).toBeLessThan(0.9);
  });

  it('grows with the unit of y and shrinks with that of x', () => {
    const point = fc.record({ x: fc.integer({ min: 0, max: 50 }), y: fc.integer({ min: -50, max: 50 }) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const scaled = theilSen(points.map(({ x, y }) => ({ x: 4 * x, y: 8 * y })));
        const plain = theilSen(points);
        expect(scaled).toEqual(plain === undefined ? undefined : 2 * plain);
      }),
    );
  });
});

describe('cpu-per-request', () => {
  it('is the processor time over the span of the load, a request, in microseconds', () => {
    expect(value('cpu-per-request', of({ cpuMicros: 140 }))).toBeCloseTo(140, 6);
  });

  it('needs a second of it, samples and load', () => {
    expect(measure('cpu-per-request', of({ cpuMicros: 50 }))).toMatchObject({ cause: 'no-power' });
    expect(measure('cpu-per-request', of({}, without(samples.gatewayCpu)))).toMatchObject({ cause: 'no-data' });
    const idle = (h: History): History => h.filter(({ kind }) => kind !== 'load');
    expect(measure('cpu-per-request', of({}, idle))).toMatchObject({ cause: 'no-data' });
  });
});

describe('rss-slope', () => {
  it('is MiB per 1000 changes, and not less than its floor', () => {
    expect(value('rss-slope', of({ writes: 300, keptKiB: 64 }))).toBeCloseTo(62.5, 6);
    expect(value('rss-slope', of({ writes: 300, keptKiB: 0 }))).toBe(1);
    expect(value('rss-slope', of({ writes: 300, keptKiB: -50 }))).toBe(1);
  });

  it('needs 200 changes, and samples', () => {
    expect(measure('rss-slope', of({ writes: 199 }))).toMatchObject({ cause: 'no-power' });
    expect(measure('rss-slope', of({ writes: 200 }, without(samples.gatewayRss)))).toMatchObject({ cause: 'no-data' });
  });
});

describe('what is asked of etcd', () => {
  it('is counted per change of the writer, in requests and in KiB', () => {
    expect(value('etcd-requests-per-change', of({ etcdRequests: 5, writes: 300 }))).toBeCloseTo(5, 1);
    expect(value('etcd-bytes-per-change', of({ etcdRequests: 5, writes: 300 }))).toBeCloseTo(10, 0);
  });

  it('has no data without changes or counters', () => {
    const silent = (h: History): History => h.filter(({ kind }) => kind !== 'write');
    expect(measure('etcd-requests-per-change', of({}, silent))).toMatchObject({ cause: 'no-data' });
    expect(measure('etcd-bytes-per-change', of({}, without(samples.etcdBytes)))).toMatchObject({ cause: 'no-data' });
  });
});

describe('recovery-time', () => {
  // Healed at 6100 ms; the last write of the fault was invoked at 5950.
  it('counts from the heal to the last first sight of what was written during the fault, and at once is 100 ms', () => {
    expect(value('recovery-time', of({ delayMs: 1_000 }))).toBe(850);
    expect(value('recovery-time', of({ delayMs: 20 }))).toBe(100);
  });

  it('is only a lower bound when something was never seen', () => {
    expect(measure('recovery-time', of({ lost: 1 }))).toMatchObject({ censored: true, value: 3_800 });
  });

  it('has no data without a write during the fault, or without a heal', () => {
    const early = (h: History): History => h.filter((o) => o.kind !== 'write' || o.atMs < 3_100 || o.atMs > 6_100);
    expect(measure('recovery-time', of({}, early))).toMatchObject({ cause: 'no-data' });
    const unhealed = (h: History): History => h.filter((o) => o.kind !== 'phase' || o.phase !== 'settle');
    expect(measure('recovery-time', of({}, unhealed))).toMatchObject({ cause: 'no-data' });
  });
});

describe('fault effects', () => {
  const broken = (record: TrialEvidence, worse: TrialEvidence): TrialEvidence => ({
    ...record,
    latency: record.latency.map((phase, i) => (phase.phase === 'fault' ? (worse.latency[i] ?? phase) : phase)),
  });

  it('compare the fault with the same trial before it: a build that is always slow has none', () => {
    const shape = { requests: 40_000 };
    expect(value('latency-p99-fault-effect', of({ ...shape, p99Ms: 50 }))).toBe(1);
    const suffering = broken(of(shape), of({ ...shape, p99Ms: 15 }));
    expect(value('latency-p99-fault-effect', suffering)).toBeCloseTo(3, 1);
    expect(value('latency-p50-fault-effect', suffering)).toBeCloseTo(3, 1);
    // 200 of 20 000, and the floor of 20, against the floor alone.
    expect(value('error-share-fault-effect', broken(of(shape), of({ ...shape, errors: 400 })))).toBeCloseTo(10.9, 1);
  });

  it('say which phase lacks what they need', () => {
    expect(measure('latency-p99-fault-effect', of({ requests: 4_000 }))).toMatchObject({
      cause: 'no-power',
      why: expect.stringMatching(/^baseline: 2000 requests, of 10000/) as string,
    });
    const record = of({});
    const noFault = { ...record, latency: record.latency.filter(({ phase }) => phase !== 'fault') };
    expect(measure('error-share-fault-effect', noFault)).toMatchObject({ cause: 'no-data', why: expect.stringMatching(/^fault: /) as string }); // prettier-ignore
  });
});

describe('latency-p50', () => {
  it('is the median, for which 200 requests suffice', () => {
    expect(value('latency-p50', of({ p99Ms: 40 }))).toBeCloseTo(20, 1);
    expect(measure('latency-p50', of({ requests: 200 }))).toMatchObject({ state: 'measured' });
    expect(measure('latency-p50', of({ requests: 198 }))).toMatchObject({ cause: 'no-power' });
  });
});

it('a number that is none is no data', () => {
  const record = of({}, (h) => h.map((o) => (o.kind === 'sample' ? { ...o, value: Number.NaN } : o)));
  for (const metric of ['cpu-per-request', 'etcd-requests-per-change', 'rss-slope'] as const)
    expect(measure(metric, { ...record })).toMatchObject({ state: 'missing' });
});
