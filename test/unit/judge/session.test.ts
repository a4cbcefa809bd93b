/** Rules over a whole session: planned looks, Holm over scenarios, noise, lower bounds. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import { undecided } from '../../support/undecided.ts';
import type { Evidence } from '../../../harness/model/evidence.ts';
import type { Finding, Verdict } from '../../../harness/model/verdict.ts';
import { etcdOverload } from '../../../scenarios/etcd/etcd-overload.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import type { Invariant, Scenario } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { evidence, trial } from '../../support/evidence.ts';

const slow = (arm: string): { p99Ms: number } => ({ p99Ms: arm === 'canary' ? 40 : 5 });
const finding = (verdict: Verdict, scenario: Scenario, subject: string): Finding | undefined =>
  verdict.scenarios.find((s) => s.scenario === scenario.name)?.findings.find((f) => f.subject === subject);

describe('planned looks', () => {
  it.each([
    [0, 3],
    [1, 2],
    [2, 1],
  ])('after %i blocks wants %i more for the first look', (blocks, wanted) => {
    const verdict = judge(evidence([routeFlood], blocks, slow));
    expect(verdict.decision).toBe('inconclusive');
    expect(undecided(verdict)).toEqual([{ scenario: 'route-flood', blocksNeeded: wanted }]);
    expect(verdict.because).toContain(`${blocks} of the 3 blocks`);
  });

  it('does not peek at a fourth block', () => {
    const wild = (arm: string, block: number): { p99Ms: number } => ({
      p99Ms: arm === 'canary' && block > 3 ? 900 : 5,
    });
    const [three, four] = [3, 4].map((blocks) => finding(judge(evidence([none], blocks, wild)), none, 'latency-p99'));
    const { values: _, because: __, evidence: ___, ...numbers } = three ?? ({} as Finding);
    expect(four).toMatchObject(numbers);
  });

  it('uses the valid blocks when one is not, and counts it', () => {
    const verdict = judge(
      evidence([none], 4, (arm, block) =>
        block === 2 && arm === 'twin' ? { state: 'aborted', reason: 'interrupted' } : {},
      ),
    );
    expect(verdict.decision).toBe('safe');
    expect(verdict.scenarios[0]?.blocks).toEqual({ used: 3, invalid: 1 });
  });
});

describe('several scenarios', () => {
  it('cannot fail one by metrics at the first look, but asks for the second', () => {
    const run = (blocks: number): Verdict =>
      judge(evidence([none, routeFlood], blocks, (arm, _, scenario) => (scenario === routeFlood ? slow(arm) : {})));
    const first = run(3);
    expect(first.decision).toBe('inconclusive');
    expect(undecided(first)).toEqual([{ scenario: 'route-flood', blocksNeeded: 2 }]);
    const second = run(5);
    expect(second.decision).toBe('regression');
    expect(finding(second, routeFlood, 'latency-p99')?.pValue).toBeCloseTo((2 * 3 ** -5 * 0.05) / 0.0125, 5);
    expect(finding(second, none, 'latency-p99')?.decision).toBe('safe');
  });

  it('wants the next look for a metric that fails by itself, however the trials vary', () => {
    const canary = [12, 13, 5_000];
    const verdict = judge(
      evidence([none, routeFlood], 3, (arm, block, scenario) =>
        arm === 'canary' && scenario === routeFlood ? { p99Ms: canary[block - 1] ?? 5 } : {},
      ),
    );
    expect(undecided(verdict)).toEqual([{ scenario: 'route-flood', blocksNeeded: 2 }]);
  });

  it('wants no more blocks when no planned look can fail or pass it', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...none, name }));
    const looks = [
      { blocks: 3, alpha: 0.025 },
      { blocks: 4, alpha: 0.025 },
    ];
    const verdict = judge(evidence(five, 3, (arm, _, { name }) => (name === 'c' ? slow(arm) : {}), looks));
    expect(verdict.scenarios.map((s) => s.decision)).toEqual(['safe', 'safe', 'inconclusive', 'safe', 'safe']);
    expect(undecided(verdict)).toEqual([]);
  });

  it('lets a regression stand beside an invalid sibling', () => {
    const verdict = judge(
      evidence([none, routeFlood], 3, (arm, _, scenario) => {
        if (scenario === none) return { state: 'invalid', reason: 'load was not delivered' };
        return arm === 'canary' ? { wrong: 9 } : {};
      }),
    );
    expect(verdict.scenarios.map((s) => s.decision)).toEqual(['invalid', 'regression']);
    expect(verdict.decision).toBe('regression');
  });
});

describe('a metric', () => {
  it('is inconclusive between minimum effect and tolerance, with its interval and what more blocks would do', () => {
    const between = { block: [1, 3, 5], canary: [8, 12, 7] };
    const verdict = judge(
      evidence([none], 3, (arm, block) => ({
        p99Ms: (arm === 'canary' ? between.canary : between.block)[block - 1] ?? 5,
      })),
    );
    const p99 = finding(verdict, none, 'latency-p99');
    expect(verdict.decision).toBe('inconclusive');
    expect(p99?.because).toMatch(/^cannot tell yet in none: .* with 96\.3 % confidence it is at most .* times/);
    expect(p99?.interval?.high).toBeGreaterThan(2.5);
    expect(p99?.confidence).toBe(0.925);
  });

  it('is not given up for one outlier among its trials', () => {
    // Recorded: three blocks of one build against itself, in the first of which the host stalled under the canary.
    const recorded = { stable: [16.3, 9.6, 10], twin: [14.3, 30.9, 12.7], canary: [64.9, 9.2, 9.7] };
    const verdict = judge(evidence([etcdOverload], 3, (arm, block) => ({ p99Ms: recorded[arm][block - 1] ?? 5 })));
    expect(finding(verdict, etcdOverload, 'latency-p99')?.decision).toBe('inconclusive');
    expect(undecided(verdict)).toEqual([{ scenario: 'etcd-overload', blocksNeeded: 2 }]);
  });

  it('that the last look left undecided says how many blocks a new check would take', () => {
    const swinging = [5, 30, 6, 28, 5];
    const verdict = judge(
      evidence([none], 5, (arm, block) => (arm === 'canary' ? { p99Ms: swinging[block - 1] ?? 5 } : { p99Ms: 10 })),
    );
    expect(finding(verdict, none, 'latency-p99')?.because).toMatch(
      /; 9 blocks would likely decide it: run it again with --blocks 9$/,
    );
  });

  it('is invalid when the two stable arms differ as much as the canary does', () => {
    const verdict = judge(evidence([none], 3, (arm) => ({ p99Ms: arm === 'canary' ? 40 : arm === 'twin' ? 24 : 5 })));
    const p99 = finding(verdict, none, 'latency-p99');
    expect(p99?.decision).toBe('invalid');
    expect(p99?.because).toContain('noisy host in none');
  });

  it('fails on a noisy host when the effect is far beyond the noise', () => {
    const verdict = judge(evidence([none], 3, (arm) => ({ p99Ms: arm === 'canary' ? 60 : arm === 'twin' ? 7 : 5 })));
    expect(finding(verdict, none, 'latency-p99')?.decision).toBe('regression');
  });

  it('cannot pass on a lower bound', () => {
    const tolerant: Scenario = {
      ...none,
      expectations: [{ kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 1e6, tolerance: 1e6 }],
    };
    const run = evidence([tolerant], 3);
    const unseen: Evidence = {
      ...run,
      trials: run.trials.map((t) =>
        t.arm === 'canary' ? { ...t, history: t.history.filter((o) => o.kind !== 'visible') } : t,
      ),
    };
    expect(judge(run).decision).toBe('safe');
    const verdict = judge(unseen);
    expect(verdict.decision).toBe('inconclusive');
    expect(verdict.because).toContain('only a lower bound');
    expect(verdict.scenarios[0]?.blocksNeeded).toBeNull();
  });

  it('one error against none of 12 000 neither fails nor keeps from passing', () => {
    const verdict = judge(evidence([none], 3, (arm) => ({ errors: arm === 'canary' ? 2 : 0 })));
    const share = finding(verdict, none, 'error-share');
    expect(share?.decision).toBe('safe');
    expect(share?.interval?.high).toBeLessThan(1.3);
  });

  it('fails on 1 % errors against none', () => {
    const verdict = judge(evidence([none], 3, (arm) => ({ errors: arm === 'canary' ? 120 : 0 })));
    expect(finding(verdict, none, 'error-share')?.decision).toBe('regression');
  });

  it('without power is inconclusive, without data invalid, and neither hides what others prove', () => {
    const thin = judge(evidence([none], 3, () => ({ requests: 4_000 })));
    expect(finding(thin, none, 'latency-p99')).toMatchObject({ decision: 'inconclusive' });
    expect(thin.because).toContain('no power');
    const bare = evidence([none], 3, (arm) => (arm === 'canary' ? { wrong: 5 } : {}));
    const verdict = judge({ ...bare, trials: bare.trials.map((t) => ({ ...t, latency: [] })) });
    expect(finding(verdict, none, 'latency-p99')).toMatchObject({ decision: 'invalid' });
    expect(verdict.decision).toBe('regression');
  });
});

describe('an invariant', () => {
  it('counts a breach only in blocks of which every arm can be told', () => {
    const run = evidence([none], 3, (arm) => (arm === 'canary' ? { wrong: 3 } : {}));
    const trials = run.trials.map((t) =>
      t.arm === 'twin' && t.block === 2 ? { ...t, history: t.history.filter((o) => o.kind !== 'load') } : t,
    );
    const verdict = judge({ ...run, trials });
    const good = finding(verdict, none, 'serve-last-good');
    expect(good).toMatchObject({ decision: 'inconclusive', breaches: { canary: [1, 3] } });
    expect(good?.because).toContain('in 2 of 2 blocks of none');
    expect(undecided(verdict)).toEqual([{ scenario: 'none', blocksNeeded: 1 }]);
  });

  it('is invalid when too many records cannot tell, and says which', () => {
    const run = evidence([none], 3);
    const blind = run.trials.map((t) => (t.arm === 'canary' ? { ...t, history: t.history.filter((o) => o.kind !== 'read') } : t)); // prettier-ignore
    const lost = finding(judge({ ...run, trials: blind }), none, 'no-lost-update');
    expect(lost?.decision).toBe('invalid');
    expect(lost?.because).toContain('no route was read after the fault (canary, block 1), and 2 more trials');
  });
});

describe('the verdict', () => {
  it('states the constants that moved it', () => {
    expect(judge(evidence([none], 3)).constants).toMatchObject({
      sessionAlpha: 0.05,
      'looks.none': '3 blocks at alpha 0.0375, 5 blocks at alpha 0.0125',
      'scales.source': 'built-in',
      'latency-p99.trialSd': 0.13,
      'error-share.floor': 0.001,
      'write-visible-delay.quantile': 0.5,
      invariantBlocks: 3,
    });
  });

  it('states those of an oracle when a scenario asks for it', () => {
    const asked = (oracle: Invariant): Scenario => ({ ...none, expectations: [{ kind: 'invariant', oracle }] });
    const stated = (oracle: Invariant): readonly string[] =>
      Object.entries(judge(evidence([asked(oracle)], 3)).constants)
        .filter(([name]) => name.startsWith('bounded-'))
        .map(([name, value]) => `${name} ${value}`);
    expect(stated('bounded-cost')).toEqual([
      'bounded-cost.factor 2.5',
      'bounded-cost.slack.gateway-cpu-seconds 2',
      `bounded-cost.slack.gateway-rss-bytes ${96 * 1_048_576}`,
      'bounded-cost.slack.gateway-open-files 64',
    ]);
    expect(stated('bounded-pressure')).toEqual(['bounded-pressure.factor 2', 'bounded-pressure.slack 4']);
    expect(stated('converge')).toEqual([]);
  });

  it('survives JSON unchanged: no NaN, no Infinity, no undefined', () => {
    const verdict = judge(evidence([routeFlood, none], 5, (arm, block) => ({ p99Ms: block, ...(arm === 'twin' && block === 2 ? { requests: 9 } : {}) }))); // prettier-ignore
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });

  it('repeats a breach by the same blocks whatever other trials say', () => {
    const run = evidence([none], 3, (arm) => (arm === 'canary' ? { wrong: 2 } : {}));
    const extra = trial(none, 4, 'canary', { wrong: 2 });
    expect(judge({ ...run, trials: [extra, ...run.trials] }).decision).toBe(judge(run).decision);
  });
});
