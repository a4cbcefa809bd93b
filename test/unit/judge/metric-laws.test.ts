/** Laws of the verdict on one metric, whichever it is: worse is never better, a unit is a name, stable and its twin are one build. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import type { Evidence } from '../../../harness/model/evidence.ts';
import type { Arm } from '../../../harness/model/plan.ts';
import type { Finding, Verdict } from '../../../harness/model/verdict.ts';
import type { Metric, Scenario } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { evidence, type Shape } from '../../support/evidence.ts';

interface Kind {
  readonly metric: Metric;
  /** A trial of that level, from 20 on. */
  readonly shape: (level: number) => Partial<Shape>;
}

/** Twice the level is twice the metric, exactly or but for the three digits of a histogram. */
const proportional: readonly Kind[] = [
  { metric: 'write-visible-delay', shape: (delayMs) => ({ delayMs }) },
  { metric: 'cpu-per-request', shape: (level) => ({ cpuMicros: 10 * level }) },
  { metric: 'rss-slope', shape: (keptKiB) => ({ keptKiB, writes: 300 }) },
];
const byHistogram: readonly Kind[] = [
  { metric: 'latency-p50', shape: (p99Ms) => ({ p99Ms }) },
  { metric: 'latency-p99', shape: (p99Ms) => ({ p99Ms }) },
];
/** They rise with the level, in some other way. */
const rising: readonly Kind[] = [
  { metric: 'error-share', shape: (errors) => ({ errors }) },
  { metric: 'recovery-time', shape: (level) => ({ delayMs: 10 * level }) },
  { metric: 'etcd-requests-per-change', shape: (etcdRequests) => ({ etcdRequests }) },
  { metric: 'etcd-bytes-per-change', shape: (etcdRequests) => ({ etcdRequests }) },
];

/** Each is a whole session or two, and there is one law for each of many metrics. */
const numRuns = 8;

type Levels = readonly (readonly [canary: number, stable: number, twin: number])[];
const level = fc.integer({ min: 20, max: 200 });
const levels = fc.array(fc.tuple(level, level, level), { minLength: 3, maxLength: 3 });

function run({ metric, shape }: Kind, blocks: Levels, canary = 1, unit = 1): Evidence {
  const only: Scenario = { ...none, expectations: [{ kind: 'no-worse', metric, minimumEffect: 0.2, tolerance: 1 }] };
  const at = (arm: Arm, block: number): number => {
    const [c, s, t] = blocks[block - 1] ?? [20, 20, 20];
    return arm === 'canary' ? c * canary : arm === 'stable' ? s : t;
  };
  return evidence([only], 3, (arm, block) => shape(unit * at(arm, block)));
}

function findingOf({ scenarios }: Verdict): Finding {
  const finding = scenarios[0]?.findings[0];
  if (finding?.pValue === undefined) throw new Error(`the metric was not measured: ${finding?.because}`);
  return finding;
}

describe('a canary that gets worse', () => {
  it.each([...proportional, ...byHistogram, ...rising])('in $metric never gets a larger p', (kind) => {
    fc.assert(
      fc.property(levels, fc.integer({ min: 1, max: 12 }), (blocks, worse) => {
        const [before, after] = [1, 1 + worse / 4].map((times) => findingOf(judge(run(kind, blocks, times))));
        expect(after?.pValue).toBeLessThanOrEqual(before?.pValue ?? Number.NaN);
        expect(after?.estimate).toBeGreaterThanOrEqual(before?.estimate ?? Number.NaN);
      }),
      { numRuns },
    );
  });

  it.each([...proportional, ...byHistogram])('by one factor in $metric does not become safe by it', (kind) => {
    fc.assert(
      fc.property(levels, fc.integer({ min: 1, max: 12 }), (blocks, worse) => {
        const [before, after] = [1, 1 + worse / 4].map((times) => judge(run(kind, blocks, times)).decision);
        if (before !== 'safe') expect(after).not.toBe('safe');
      }),
      { numRuns },
    );
  });
});

describe('the unit of a metric', () => {
  it.each(proportional)('$metric moves nothing', (kind) => {
    fc.assert(
      fc.property(levels, fc.constantFrom(2, 8), (blocks, unit) => {
        const [one, other] = [1, unit].map((each) => {
          const verdict = judge(run(kind, blocks, 1, each));
          const { estimate, interval, pValue } = findingOf(verdict);
          return { decision: verdict.decision, estimate, interval, pValue };
        });
        expect(other).toEqual(one);
      }),
      { numRuns },
    );
  });
});

describe('stable and its twin', () => {
  it.each([...proportional, ...byHistogram, ...rising])('may change places in any block for $metric', (kind) => {
    const swaps = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(levels, swaps, (blocks, swapped) => {
        const relabelled = blocks.map(([c, s, t], i) => (swapped[i] === true ? ([c, t, s] as const) : ([c, s, t] as const))); // prettier-ignore
        const [one, other] = [blocks, relabelled].map((each) => {
          const verdict = judge(run(kind, each));
          const { estimate, interval, pValue, confidence } = findingOf(verdict);
          return { decision: verdict.decision, estimate, interval, pValue, confidence };
        });
        expect(other).toEqual(one);
      }),
      { numRuns },
    );
  });
});
