/** One whole judgement per decision, from evidence to the sentence that a person reads. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import { undecided } from '../../support/undecided.ts';
import { etcdOverload } from '../../../scenarios/etcd/etcd-overload.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence } from '../../support/evidence.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';

describe('judge', () => {
  it('says safe when nothing differs and everything was shown', () => {
    const verdict = judge(evidence([watchSilentDeath, etcdOverload, routeFlood], 3));
    expect(verdict.decision).toBe('safe');
    expect(verdict.because).toBe(
      'canary reference@.+suspect held against stable reference@. in 3 scenarios: ' +
        'no worse in 9 invariants and inside the tolerance of 7 metrics',
    );
    expect(undecided(verdict)).toEqual([]);
  });

  it('says regression when only the canary loses updates in three blocks, and what was lost', () => {
    const verdict = judge(
      evidence([watchSilentDeath], 3, (arm) => (arm === 'canary' ? { lost: 7, convergedMs: undefined } : {})),
    );
    expect(verdict.decision).toBe('regression');
    expect(verdict.because).toBe(
      'canary reference@.+suspect loses configuration for good in 3 of 3 blocks of watch-silent-death: 7 route changes ' +
        'written while the watch was silent are still not served at the end (stable: 0 of 6 trials) ' +
        '(and 1 more regression finding)',
    );
    const finding = verdict.scenarios[0]?.findings[0];
    expect(finding?.pValue).toBe(0.037037);
    expect(finding?.breaches).toEqual({ stable: [], twin: [], canary: [1, 2, 3] });
    expect(finding?.evidence[0]).toMatchObject({ file: 'trials/watch-silent-death-1-canary/history.ndjson' });
  });

  it('says known weakness, never regression, when etcd itself was made to break its promises', () => {
    const fault = { kind: 'watch.reorder', breaksPromisesOfEtcd: true } as const;
    const scenario: Scenario = { ...watchSilentDeath, timeline: [{ at: '0s', hold: '3s', fault }] };
    const verdict = judge(evidence([scenario], 3, (arm) => (arm === 'canary' ? { lost: 7 } : {})));
    expect(verdict.decision).toBe('known-weakness');
    expect(verdict.scenarios[0]?.findings[0]?.because).toContain(
      'not counted as a regression, because watch.reorder breaks promises of etcd',
    );
  });

  it('says regression when a metric is worse beyond the minimum effect', () => {
    const verdict = judge(evidence([routeFlood], 3, (arm) => (arm === 'canary' ? { p99Ms: 40 } : {})));
    expect(verdict.decision).toBe('regression');
    expect(verdict.because).toContain('99th percentile of the latency is 8 times stable');
    expect(verdict.because).toContain('more than 2 times is proven over 3 blocks (p = 0.0494)');
  });

  it('says inconclusive with the replays that are wanted after one breach', () => {
    const verdict = judge(
      evidence([watchSilentDeath], 3, (arm, block) => (arm === 'canary' && block === 1 ? { lost: 2 } : {})),
    );
    expect(verdict.decision).toBe('inconclusive');
    expect(undecided(verdict)).toEqual([{ scenario: 'watch-silent-death', blocksNeeded: 2 }]);
  });

  it('says known weakness when both builds break it', () => {
    const verdict = judge(evidence([watchSilentDeath], 3, () => ({ wrong: 4 })));
    expect(verdict.decision).toBe('known-weakness');
    expect(verdict.because).toContain('and so does stable reference@. (stable: 6 of 6 trials)');
  });

  it('says invalid when the blocks that were run were no experiments, and counts the reasons', () => {
    const verdict = judge(
      evidence([watchSilentDeath], 3, (arm) =>
        arm === 'twin' ? { state: 'invalid', reason: 'load was not delivered' } : {},
      ),
    );
    expect(verdict.decision).toBe('invalid');
    expect(verdict.because).toContain('only 0 of 3 blocks of watch-silent-death were valid, 3 are needed');
    expect(verdict.because).toContain('twin invalid: load was not delivered (3 times)');
    expect(undecided(verdict)).toEqual([{ scenario: 'watch-silent-death', blocksNeeded: 3 }]);
  });

  it('points at the canary when only its trials were no experiments', () => {
    const died = (arm: string): object => (arm === 'canary' ? { state: 'invalid', reason: 'gateway died' } : {});
    const { decision, because } = judge(evidence([watchSilentDeath], 3, died));
    expect(decision).toBe('invalid');
    expect(because).toContain('canary invalid: gateway died (3 times); every time it was the canary alone');
  });

  it('recomputes byte for byte, whatever the order of the trials', () => {
    const run = evidence([watchSilentDeath, routeFlood], 3, (arm, block) => ({
      p99Ms: 4 + block + (arm === 'canary' ? 3 : 0),
    }));
    const again = { ...run, trials: run.trials.toReversed() };
    expect(JSON.stringify(judge(again))).toBe(JSON.stringify(judge(run)));
  });
});
