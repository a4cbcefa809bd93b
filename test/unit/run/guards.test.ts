/** Whether the load was what the plan says: a request that left late is charged with what nobody did to it. */
import { expect, it } from 'vitest';
import type { PhaseLatency } from '../../../harness/model/evidence.ts';
import { loadGuards } from '../../../harness/run/guards.ts';
import type { Metric, Scenario } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { trial } from '../../support/evidence.ts';

const judging = (metric: Metric): Scenario => ({
  ...none,
  expectations: [{ kind: 'no-worse', metric, minimumEffect: 0.1, tolerance: 1 }],
});
const phases = (change: Partial<PhaseLatency>): readonly PhaseLatency[] =>
  trial(none, 1, 'canary').latency.map((phase) => ({ ...phase, ...change }));
const tripped = (metric: Metric, change: Partial<PhaseLatency>): readonly string[] =>
  loadGuards(judging(metric), phases(change)).map(({ guard }) => guard);

it.each([
  'latency-p50',
  'latency-p99',
  'latency-p50-fault-effect',
  'latency-p99-fault-effect',
  'stall-growth',
] as const)('a load that leaves late is no measure of %s', (metric) => {
  expect(tripped(metric, { sendLatenessP99Ms: 51 })).toEqual(['load-on-time', 'load-on-time', 'load-on-time']);
  expect(tripped(metric, { sendLatenessP99Ms: 50 })).toEqual([]);
});

it.each(['error-share', 'write-visible-delay', 'rss-slope'] as const)('is borne where %s is judged', (metric) => {
  expect(tripped(metric, { sendLatenessP99Ms: 900 })).toEqual([]);
});

it('a load of which more than one in two hundred was never sent is none, whatever is judged', () => {
  expect(tripped('rss-slope', { planned: 6_000, sent: 5_969 })).toEqual(Array(3).fill('load-delivered'));
  expect(tripped('rss-slope', { planned: 6_000, sent: 5_970 })).toEqual([]);
  expect(loadGuards(none, [])).toMatchObject([{ guard: 'load-delivered', detail: 'no load was measured' }]);
});
