/** The judge of a run of one build: there is nothing to compare it with. */
import { expect, test } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import type { Evidence } from '../../../harness/model/evidence.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import type { Expectation, Scenario } from '../../../scenarios/scenario.ts';
import { type Shape, evidence } from '../../support/evidence.ts';

const invariant = (oracle: Extract<Expectation, { kind: 'invariant' }>['oracle']): Expectation => ({
  kind: 'invariant',
  oracle,
});
const scenario: Scenario = {
  ...watchSilentDeath,
  expectations: [
    invariant('no-lost-update'),
    invariant('bounded-cost'),
    invariant('bounded-pressure'),
    invariant('conformance'),
    { kind: 'no-worse', metric: 'latency-p99', minimumEffect: 1, tolerance: 3 },
  ],
};

function alone(shape: Partial<Shape> = {}): Evidence {
  const { plan, trials } = evidence([scenario], 1, () => shape);
  const scenarios = plan.scenarios.map((one) => ({
    ...one,
    looks: [{ blocks: 1, alpha: 1 }],
    blocks: one.blocks.slice(0, 1).map((block) => ({ ...block, order: ['canary'] as const })),
  }));
  return { plan: { ...plan, scenarios }, trials: trials.filter(({ arm }) => arm === 'canary') };
}

test('invariants of a trial by itself are decided, and what compares arms is not asked', () => {
  const verdict = judge(alone());
  expect(verdict.scenarios[0]?.findings.map(({ subject }) => subject)).toEqual(['no-lost-update']);
  expect(verdict).toMatchObject({
    decision: 'safe',
    because: 'reference@.+suspect held no-lost-update in 1 trial of watch-silent-death',
  });
});

test('a breach is a known weakness', () =>
  expect(judge(alone({ lost: 7, convergedMs: undefined }))).toMatchObject({ decision: 'known-weakness' }));
