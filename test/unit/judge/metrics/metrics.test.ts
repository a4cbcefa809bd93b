/** One number per trial, from a record in its real form; what cannot be measured says why. */
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { measure, metrics } from '../../../../harness/judge/metrics/index.ts';
import type { TrialEvidence } from '../../../../harness/model/evidence.ts';
import type { History } from '../../../../harness/model/history.ts';
import { none } from '../../../../scenarios/steady/none.ts';
import { trial, type Shape } from '../../../support/evidence.ts';

const of = (shape: Partial<Shape>, edit?: (history: History) => History): TrialEvidence =>
  trial(none, 1, 'canary', shape, edit);

describe('latency-p99', () => {
  it('is the quantile of fault and settling merged, in milliseconds', () => {
    const m = measure('latency-p99', of({ p99Ms: 40 }));
    expect(m).toMatchObject({ state: 'measured', censored: false });
    // The histogram keeps three digits.
    if (m.state === 'measured') expect(Math.abs(m.value / 40 - 1)).toBeLessThan(0.001);
  });

  it('is that of all answers of both phases, by their sorted list', () => {
    // So many in each phase, of other latencies; the histograms keep three digits of microseconds.
    const fault = Array.from({ length: 7_000 }, (_, i) => 1_000 + 7 * i);
    const settle = Array.from({ length: 4_000 }, (_, i) => 40_000 + 31 * i);
    const histogramOf = (values: readonly number[]): string => {
      const histogram = build({ highestTrackableValue: 60_000_000 });
      for (const value of values) histogram.recordValue(value);
      return encodeIntoCompressedBase64(histogram);
    };
    const record = of({});
    const latency = record.latency.map((each) =>
      each.phase === 'baseline' ? each : { ...each, histogram: histogramOf(each.phase === 'fault' ? fault : settle) },
    );
    const sorted = [...fault, ...settle].toSorted((a, b) => a - b);
    for (const [metric, quantile] of [
      ['latency-p99', 0.99],
      ['latency-p50', 0.5],
    ] as const) {
      // prettier-ignore
      const m = measure(metric, { ...record, latency });
      const exact = (sorted[Math.ceil(quantile * sorted.length) - 1] ?? Number.NaN) / 1_000;
      if (m.state !== 'measured') throw new Error(`${metric}: ${m.why}`);
      expect(Math.abs(m.value / exact - 1)).toBeLessThan(0.001);
      expect(m.y).toBe(Math.log(m.value));
    }
  });

  it('needs 100 requests beyond the quantile', () => {
    expect(measure('latency-p99', of({ requests: 10_000 }))).toMatchObject({ state: 'measured' });
    expect(measure('latency-p99', of({ requests: 9_998 }))).toMatchObject({ state: 'missing', cause: 'no-power' });
  });

  it.each([
    ['no phase', []],
    ['a broken histogram', [{ ...of({}).latency[0], histogram: 'not a histogram' }]],
    ['no request', of({ requests: 0 }).latency],
  ] as const)('has no data with %s', (_, latency) => {
    const record = { ...of({}), latency } as TrialEvidence;
    expect(measure('latency-p99', record)).toMatchObject({ state: 'missing', cause: 'no-data' });
  });
});

describe('error-share', () => {
  const y = (errors: number): number => {
    const m = measure('error-share', of({ errors, requests: 15_000 }));
    return m.state === 'measured' ? m.y : Number.NaN;
  };

  it('is ln((x + ½ + 0.001·N) / (N − x + ½))', () => {
    expect(y(0)).toBeCloseTo(Math.log(15.5 / 15_000.5), 12);
    expect(y(600)).toBeCloseTo(Math.log(615.5 / 14_400.5), 12);
  });

  it('hardly moves by two errors of 15 000, which on bare odds are a factor of 5', () => {
    expect(Math.exp(y(2) - y(0))).toBeLessThan(1.15);
  });

  it('doubles with a rise from none to one per mille', () => {
    expect(Math.exp(y(16) - y(0))).toBeCloseTo(2, 1);
  });

  it.each([
    ['nothing was planned', { planned: 0 }],
    ['more were right than planned', { ok: 9e9 }],
    ['a count is not a number', { ok: Number.NaN }],
  ])('has no data when %s', (_, wrong) => {
    const record = of({});
    const latency = record.latency.map((phase) => ({ ...phase, ...wrong }));
    expect(measure('error-share', { ...record, latency })).toMatchObject({ cause: 'no-data' });
  });
});

describe('write-visible-delay', () => {
  const delays = (map: (seq: number) => number | undefined) => (h: History) =>
    h.flatMap((o) => {
      if (o.kind !== 'visible' || o.seq === null) return [o];
      const delayMs = map(o.seq);
      return delayMs === undefined ? [] : [{ ...o, delayMs }];
    });

  it('is the median over the writes since the fault began', () => {
    // Writes 100…107 were invoked before the fault, 108…129 after it.
    const m = measure('write-visible-delay', of({}, delays((seq) => (seq < 108 ? 9_999 : seq)))); // prettier-ignore
    expect(m).toMatchObject({ value: 118.5, censored: false });
  });

  it('keeps a write that nobody saw as the largest value', () => {
    const m = measure(
      'write-visible-delay',
      of(
        {},
        delays((seq) => (seq % 4 === 0 ? undefined : 10)),
      ),
    );
    expect(m).toMatchObject({ value: 10, censored: false });
  });

  it('is only a lower bound when most writes were never seen', () => {
    const m = measure(
      'write-visible-delay',
      of(
        {},
        delays((seq) => (seq < 115 ? 10 : undefined)),
      ),
    );
    expect(m).toMatchObject({ state: 'measured', censored: true });
    if (m.state === 'measured') expect(m.value).toBeGreaterThan(1_000);
  });

  it('leaves out what was only written again: nobody waits for it', () => {
    const again = (h: History): History => [
      ...delays(() => 10)(h),
      ...Array.from({ length: 100 }, (_, i) =>
        (['invoke', 'ok'] as const).map(
          (edge) => ({ kind: 'write', route: `settled-${i}`, seq: i, edge, again: true, atMs: 6_055 }) as const,
        ),
      ).flat(),
    ];
    expect(measure('write-visible-delay', of({}, again))).toMatchObject({ value: 10, censored: false });
  });

  it('leaves out writes that etcd did not acknowledge', () => {
    const unknown = (h: History): History =>
      delays((seq) => (seq < 112 ? 10 : undefined))(h).map((o) =>
        o.kind === 'write' && o.edge === 'ok' && (o.seq ?? 0) >= 112 ? { ...o, edge: 'unknown' } : o,
      );
    expect(measure('write-visible-delay', of({}, unknown))).toMatchObject({ value: 10, censored: false });
  });

  it.each([
    ['the fault phase is missing', (h: History) => h.filter((o) => o.kind !== 'phase')],
    ['nothing was written', (h: History) => h.filter((o) => o.kind !== 'write')],
    ['a delay is not a number', delays(() => Number.NaN)],
  ])('has no data when %s', (_, edit) => {
    expect(measure('write-visible-delay', of({}, edit))).toMatchObject({ cause: 'no-data' });
  });
});

describe('the table of metrics', () => {
  it('has a positive scale for each', () => {
    for (const { trialSd } of Object.values(metrics)) expect(trialSd).toBeGreaterThan(0);
  });
});
