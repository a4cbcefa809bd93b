import { expect, it } from 'vitest';
import { measurements } from '../../../../harness/judge/trend/points.ts';
import { routeFlood } from '../../../../scenarios/routes/route-flood.ts';
import { evidence } from '../../../support/evidence.ts';

it('a run gives one point a metric: the ratio of the night, and the level and the noise of the stable arms', () => {
  const { points, values } = measurements(
    evidence([routeFlood], 3, (arm, block) => ({
      p99Ms: arm === 'canary' ? 10 : arm === 'twin' ? 5.2 : 4.8,
      delayMs: 20 + block,
    })),
  );
  const p99 = points.find(({ metric }) => metric === 'latency-p99');
  expect(p99?.contrast).toBeCloseTo(Math.log(10) - (Math.log(4.8) + Math.log(5.2)) / 2, 2);
  expect(p99?.level).toBeCloseTo((Math.log(4.8) + Math.log(5.2)) / 2, 2);
  expect(p99?.twinSd).toBeCloseTo(Math.log(5.2 / 4.8) / Math.SQRT2, 2);
  expect([p99?.blocks, p99?.stableValue, p99?.canaryValue].map((n) => Math.round(n ?? 0))).toEqual([3, 5, 10]);
  expect(points.find(({ metric }) => metric === 'write-visible-delay')?.contrast).toBe(0);
  expect(values.filter(({ metric }) => metric === 'latency-p99')).toHaveLength(9);
});

it('blocks that do not count give nothing, and evidence that cannot be judged neither', () => {
  const tried = evidence([routeFlood], 3, (_, block) => (block === 2 ? { state: 'invalid', reason: 'etcd died' } : {}));
  expect(new Set(measurements(tried).points.map(({ blocks }) => blocks))).toEqual(new Set([2]));
  const none = evidence([routeFlood], 3, () => ({ state: 'invalid', reason: 'etcd died' }));
  expect(measurements(none)).toEqual({ values: [], points: [] });
  const broken = { ...tried, plan: { ...tried.plan, scenarios: [] } };
  expect(measurements(broken)).toEqual({ values: [], points: [] });
});
