/** A canary that cannot be tried to the end, while both stable arms can, is worse and not bad luck: after three such blocks. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import type { Arm } from '../../../harness/model/plan.ts';
import type { Evidence, TrialEvidence } from '../../../harness/model/evidence.ts';
import type { History } from '../../../harness/model/history.ts';
import type { Verdict } from '../../../harness/model/verdict.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence } from '../../support/evidence.ts';

const words = 'gateway ended by itself with code 1; its last lines:\nTypeError: route is null';

/** As a trial leaves it that ends because of the gateway: here before anything was asked of it. */
function downIn(which: (arm: Arm, block: number) => boolean, blocks = 3): Evidence {
  const run = evidence([watchSilentDeath], blocks);
  const trials = run.trials.map((trial): TrialEvidence => {
    if (!which(trial.arm, trial.block)) return trial;
    const before = trial.history.filter(({ atMs }) => atMs < 100);
    const history: History = [...before, { kind: 'down', detail: words, atMs: 100 }];
    return { ...trial, state: 'invalid', reason: words, latency: [], history };
  });
  return { ...run, trials };
}

const subjects = ({ scenarios }: Verdict): readonly string[] =>
  scenarios.flatMap(({ findings }) => findings.map(({ subject }) => subject));

describe('a gateway that is down', () => {
  it('is a regression, when it is the canary in three blocks, with its last words as evidence', () => {
    const verdict = judge(downIn((arm) => arm === 'canary'));
    expect(verdict.decision).toBe('regression');
    expect(verdict.because).toContain(
      'canary reference@.+suspect does not stay up in 3 of 3 blocks of watch-silent-death: ' +
        'gateway ended by itself with code 1 (stable reference@. was tried to the end there each time)',
    );
    const [finding] = verdict.scenarios[0]?.findings ?? [];
    expect(finding).toMatchObject({ subject: 'stays-up', pValue: 0.037037, breaches: { canary: [1, 2, 3] } });
    expect(finding?.evidence[0]?.text).toContain('TypeError: route is null');
  });

  it('is one also where other blocks could be tried', () => {
    const verdict = judge(downIn((arm, block) => arm === 'canary' && block > 2, 5));
    expect(verdict.decision).toBe('regression');
    expect(verdict.because).toContain('in 3 of 5 blocks');
  });

  it.each<[string, (arm: Arm, block: number) => boolean]>([
    ['twice only', (arm, block) => arm === 'canary' && block < 3],
    ['of stable', (arm) => arm === 'stable'],
    ['of all arms, as on a host that is too busy', () => true],
    ['of the canary and the twin', (arm) => arm !== 'stable'],
  ])('decides nothing %s', (_, which) => {
    const verdict = judge(downIn(which));
    expect(verdict.decision).toBe('invalid');
    expect(subjects(verdict)).not.toContain('stays-up');
  });
});
