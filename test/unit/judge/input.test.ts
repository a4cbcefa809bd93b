/** Evidence that cannot be judged is refused with every reason at once; no data is never good data. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import type { Evidence, TrialEvidence } from '../../../harness/model/evidence.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence } from '../../support/evidence.ts';

const good = evidence([none], 3);
const planWith = (change: object): Evidence => ({ ...good, plan: { ...good.plan, ...change } });
const expecting = (...expectations: readonly object[]): Evidence =>
  evidence([{ ...none, expectations } as unknown as Scenario], 3);
const eachTrial = (change: (trial: TrialEvidence) => object): Evidence => ({
  ...good,
  trials: good.trials.map((t) => ({ ...t, ...change(t) })),
});

describe('evidence that cannot be judged', () => {
  it.each([
    ['a future schema', planWith({ schema: 2 }), /schema 2, this judge reads schema 1/],
    ['a future schema of another shape', { ...good, plan: { schema: 9 } } as unknown as Evidence, /schema 9/],
    ['no scenario', planWith({ scenarios: [] }), /no scenario/],
    ['a scenario twice', planWith({ scenarios: [...good.plan.scenarios, ...good.plan.scenarios] }), /twice/],
    ['a trial of an unknown scenario', eachTrial(() => ({ scenario: 'nun' })), /of nun belongs to no scenario/],
    ['a trial twice', { ...good, trials: [...good.trials, ...good.trials] }, /trial canary of block 1 of none is there twice/], // prettier-ignore
    ['a trial of no arm', eachTrial(({ arm }) => ({ arm: arm === 'twin' ? 'twins' : arm })), /trial twins of block 1 of none is of no arm/], // prettier-ignore
    ['a trial of no block', eachTrial(({ block }) => ({ block: block + 0.5 })), /has no whole block number/],
    ['a scale of NaN', planWith({ calibration: { hash: 'x', scales: { none: { 'latency-p99': Number.NaN } } } }), /the scale NaN for latency-p99/], // prettier-ignore
    ['no looks', evidence([none], 3, undefined, []), /no planned look/],
    ['too many blocks', evidence([none], 1, undefined, [{ blocks: 11, alpha: 0.05 }]), /from 2 to 10/],
    ['too much alpha', evidence([none], 3, undefined, [{ blocks: 3, alpha: 0.06 }]), /not 0.06/],
    ['an unknown metric', expecting({ kind: 'no-worse', metric: 'latency-p95' }), /unknown metric latency-p95/],
    ['an unknown invariant', expecting({ kind: 'invariant', oracle: 'convrge' }), /unknown invariant convrge/],
    ['no expectation', expecting(), /expects nothing/],
    [
      'a tolerance that is NaN',
      expecting({ kind: 'no-worse', metric: 'error-share', minimumEffect: 0, tolerance: Number.NaN }),
      /0 ≤ minimumEffect ≤ tolerance/,
    ],
  ])('%s', (_, broken, reason) => {
    const verdict = judge(broken);
    expect(verdict.decision).toBe('invalid');
    expect(verdict.because).toMatch(reason);
  });

  it('names all mistakes at once', () => {
    const { because } = judge(planWith({ scenarios: good.plan.scenarios.map((s) => ({ ...s, looks: [] })), hash: '' }));
    const twice = judge({ ...evidence([none], 3, undefined, []), trials: [...good.trials, ...good.trials] });
    expect(because).toContain('no planned look');
    expect(twice.because).toMatch(/no planned look.*is there twice/);
  });
});

describe('trials without data', () => {
  it.each([
    ['stable is missing', { ...good, trials: good.trials.filter(({ arm }) => arm !== 'stable') }, 'inconclusive'],
    ['the twin is missing', { ...good, trials: good.trials.filter(({ arm }) => arm !== 'twin') }, 'inconclusive'],
    ['the canary is missing', { ...good, trials: good.trials.filter(({ arm }) => arm !== 'canary') }, 'inconclusive'],
    ['an arm of one block is missing', { ...good, trials: good.trials.filter(({ arm, block }) => arm !== 'twin' || block !== 3) }, 'inconclusive'], // prettier-ignore
    ['there are no trials', { ...good, trials: [] }, 'inconclusive'],
    ['histories are empty', eachTrial(() => ({ history: [] })), 'invalid'],
    ['latency is empty', eachTrial(() => ({ latency: [] })), 'invalid'],
    ['the canary alone has no latency', eachTrial(({ arm, latency }) => ({ latency: arm === 'canary' ? [] : latency })), 'invalid'], // prettier-ignore
    ['the histograms hold nothing', evidence([none], 3, () => ({ requests: 0 })), 'invalid'],
    ['a histogram is none', eachTrial(({ latency }) => ({ latency: latency.map((l) => ({ ...l, histogram: 'none' })) })), 'invalid'], // prettier-ignore
    ['delays are null, as JSON writes NaN', eachTrial(({ history }) => ({ history: history.map((o) => (o.kind === 'visible' ? { ...o, delayMs: null } : o)) })), 'invalid'], // prettier-ignore
    ['a time stamp is NaN', eachTrial(({ history }) => ({ history: history.map((o) => ({ ...o, atMs: Number.NaN })) })), 'invalid'], // prettier-ignore
    ['counts are null, as JSON writes NaN', eachTrial(({ latency }) => ({ latency: latency.map((l) => ({ ...l, ok: null })) })), 'invalid'], // prettier-ignore
    ['a guard tripped', eachTrial(({ history }) => ({ history: [...history, { kind: 'guard', guard: 'clock', detail: 'stepped', atMs: 1 }] })), 'invalid'], // prettier-ignore
  ])('never pass: %s', (_, broken, decision) => {
    expect(judge(broken).decision).toBe(decision);
  });

  it('never pass: the fault was not confirmed', () => {
    const run = evidence([watchSilentDeath], 3);
    const trials = run.trials.map((t) => ({
      ...t,
      history: t.history.filter((o) => !(o.kind === 'fault' && o.edge === 'verified')),
    }));
    const verdict = judge({ ...run, trials });
    expect(verdict.decision).toBe('invalid');
    expect(verdict.because).toContain('1 of 1 faults have no proof of effect');
  });
});
