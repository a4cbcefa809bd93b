/** The host that did not let a trial be an experiment: its clock was set, its processor time was taken. */
import { describe, expect, it } from 'vitest';
import { tripped } from '../../../harness/judge/guards.ts';
import { judge } from '../../../harness/judge/judge.ts';
import type { History } from '../../../harness/model/history.ts';
import { samples } from '../../../harness/model/samples.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence, trial, type Shape } from '../../support/evidence.ts';

const reasons = (shape: Partial<Shape>, edit?: (history: History) => History): readonly string[] =>
  tripped(trial(none, 1, 'canary', shape, edit), none);

describe('a clock that was set', () => {
  it('makes the trial no experiment, forwards and backwards, and a slewed one does not', () => {
    expect(reasons({ clockStepMs: 3_600_000 })).toEqual(['clock: it was set by 3600000 ms during the trial']);
    expect(reasons({ clockStepMs: -900 })).toEqual(['clock: it was set by 900 ms during the trial']);
    expect(reasons({ clockStepMs: 250 })).toEqual([]);
  });

  it('does so where arms run side by side too', () => {
    const broken = trial(watchSilentDeath, 1, 'canary', { clockStepMs: 1_000 });
    expect(tripped(broken, watchSilentDeath)).toHaveLength(1);
  });
});

describe('a host that was throttled', () => {
  it('makes a trial that runs alone no experiment from a tenth of its time on', () => {
    expect(reasons({ stolen: 0.12 })).toEqual(['host: 12 % of its processor time went to other machines (steal)']);
    expect(reasons({ stolen: 0.09 })).toEqual([]);
  });

  it('says how long the limit of its control group held it up', () => {
    const held = (share: number) => (history: History) =>
      history.flatMap((o) =>
        o.kind === 'sample' && o.metric === samples.hostTime
          ? [o, { ...o, metric: samples.hostThrottled, value: (o.atMs / 1_000) * share }]
          : [o],
      );
    expect(reasons({}, held(0.2))).toEqual([expect.stringMatching(/control group held it up for 1\.7 of 8\.5 s/)]);
    expect(reasons({}, held(0.05))).toEqual([]);
  });

  it('is borne where only invariants decide, and not guessed at where nothing was sampled', () => {
    expect(tripped(trial(watchSilentDeath, 1, 'canary', { stolen: 0.5 }), watchSilentDeath)).toEqual([]);
    const blind = (history: History): History => history.filter(({ kind }) => kind !== 'sample');
    expect(reasons({ stolen: 0.5 }, blind)).toEqual([]);
  });
});

it('a session on such a host is invalid, with the reason counted', () => {
  const verdict = judge(evidence([none], 3, (arm) => (arm === 'twin' ? { stolen: 0.3 } : {})));
  expect(verdict.decision).toBe('invalid');
  expect(verdict.because).toContain('30 % of its processor time went to other machines (steal) (3 times)');
});
