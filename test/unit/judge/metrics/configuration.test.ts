/** What a lost configuration answers, how soon a cold gateway has it, and what it opens towards etcd: one number per trial. */
import { describe, expect, it } from 'vitest';
import type { Measured } from '../../../../harness/judge/metrics/metric.ts';
import { measure } from '../../../../harness/judge/metrics/index.ts';
import type { PhaseLatency } from '../../../../harness/model/evidence.ts';
import type { History, Observation } from '../../../../harness/model/history.ts';
import { pressureSample } from '../../../../harness/model/pressure.ts';
import type { Fault } from '../../../../scenarios/scenario.ts';
import { none } from '../../../../scenarios/steady/none.ts';
import { trial } from '../../../support/evidence.ts';

describe('stale-share', () => {
  /** Each of the two phases that are compared has 7 500 requests. */
  const of = (change: Partial<PhaseLatency>): Measured => {
    const record = trial(none, 1, 'canary', { requests: 15_000 });
    return measure('stale-share', { ...record, latency: record.latency.map((phase) => ({ ...phase, ...change })) });
  };

  it('is ln((x + ½ + 0.001·N) / (N − x + ½)) of the answers of lost, blocked and older routes, in fault and settling', () => {
    const measured = of({ ok: 7_400, errors: { '403': 3, '404': 7, 'wrong-seq': 5, '503': 85 } });
    expect(measured).toMatchObject({ state: 'measured', value: 30 / 15_000 });
    if (measured.state === 'measured') expect(measured.y).toBeCloseTo(Math.log(45.5 / 14_970.5), 12);
  });

  it('knows overload, resets and time-outs as none of them', () => {
    expect(of({ ok: 7_000, errors: { '503': 300, reset: 100, timeout: 100 } })).toMatchObject({ value: 0 });
    expect(of({})).toMatchObject({ value: 0 });
  });

  it.each<[string, Partial<PhaseLatency>]>([
    ['a count is null, as JSON writes NaN', { errors: JSON.parse('{"404":null}') as PhaseLatency['errors'] }],
    ['a count is negative', { errors: { '404': -1 } }],
    ['there are more than requests', { errors: { '404': 9_999 } }],
    ['nothing was planned', { planned: 0, ok: 0 }],
    ['the kinds of errors are missing', JSON.parse('{"errors":null}') as Partial<PhaseLatency>],
  ])('has no data when %s', (_, change) => {
    expect(of(change)).toMatchObject({ state: 'missing', cause: 'no-data' });
  });
});

describe('cold-start-time', () => {
  const edge = (fault: Fault, edge: 'inject' | 'heal', atMs: number): Observation => {
    return { kind: 'fault', step: 7, fault, edge, atMs };
  };
  const killed = { kind: 'gateway.kill', target: 'gateway' } as const;
  const converged = (atMs: number): Observation => ({ kind: 'converged', afterHealMs: 1, reads: 9, atMs });
  const tail: Observation = { kind: 'phase', phase: 'tail', atMs: 10_000 };
  const of = (...more: readonly Observation[]): Measured =>
    measure(
      'cold-start-time',
      trial(none, 1, 'canary', {}, (history: History) => [...history, ...more]),
    );

  it('counts from the order to start again until every worker serves the table', () => {
    const worker = [edge({ kind: 'gateway.kill', target: 'worker' }, 'heal', 10_500), converged(11_000)];
    const whole = [edge(killed, 'inject', 12_000), edge(killed, 'heal', 12_500), converged(14_000)];
    expect(of(tail, ...worker, ...whole)).toMatchObject({ value: 1_500, y: Math.log(1_500), censored: false });
  });

  it('is at once below 100 ms', () => {
    expect(of(tail, edge(killed, 'heal', 12_500), converged(12_530))).toMatchObject({ value: 100 });
  });

  it('is only a lower bound when that never came', () => {
    const end: Observation = { kind: 'phase', phase: 'teardown', atMs: 30_000 };
    expect(of(tail, converged(11_000), edge(killed, 'heal', 12_500), end)).toMatchObject({ value: 17_500, censored: true }); // prettier-ignore
  });

  it.each<[string, readonly Observation[]]>([
    ['there is no tail', [edge(killed, 'heal', 12_500), converged(13_000)]],
    ['the gateway was killed before the tail only', [edge(killed, 'heal', 9_950), tail, converged(13_000)]],
    ['a worker was killed only', [tail, edge({ kind: 'gateway.kill', target: 'worker' }, 'heal', 12_500), converged(13_000)]], // prettier-ignore
    ['a time stamp is not a number', [tail, edge(killed, 'heal', Number.NaN), converged(13_000)]],
  ])('has no data when %s', (_, more) => {
    expect(of(...more)).toMatchObject({ state: 'missing', cause: 'no-data' });
  });
});

describe('etcd-connections', () => {
  const of = (...counts: readonly number[]): Measured =>
    measure(
      'etcd-connections',
      trial(none, 1, 'canary', {}, (history) => [
        ...history,
        ...counts.map((value) => {
          return { kind: 'sample', metric: pressureSample('connections'), value, atMs: 9_950 } as const;
        }),
      ]),
    );

  it('is the count of the link at the end, and none is a number too', () => {
    expect(of(2, 6)).toMatchObject({ value: 6, y: Math.log(6.5) });
    expect(of(0)).toMatchObject({ value: 0, y: Math.log(0.5) });
  });

  it('has no data when the link did not say it, or said nonsense', () => {
    for (const measured of [of(), of(Number.NaN), of(-1)]) expect(measured).toMatchObject({ cause: 'no-data' });
  });
});
