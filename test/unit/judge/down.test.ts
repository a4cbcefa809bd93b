/** A canary that cannot be tried to the end, while both stable arms can, is worse and not bad luck: after three such blocks. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import { rounded } from '../../../harness/judge/round.ts';
import type { Arm } from '../../../harness/model/plan.ts';
import type { Evidence, TrialEvidence } from '../../../harness/model/evidence.ts';
import type { History } from '../../../harness/model/history.ts';
import type { Verdict } from '../../../harness/model/verdict.ts';
import { nextBlock } from '../../../harness/run/next-block.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence } from '../../support/evidence.ts';

const words = 'gateway ended by itself with code 1; its last lines:\nTypeError: route is null';

/** As a trial leaves it that ends because of the gateway: here before anything was asked of it. */
function downIn(
  which: (arm: Arm, block: number) => boolean,
  blocks = 3,
  scenario: Scenario = watchSilentDeath,
): Evidence {
  const run = evidence([scenario], blocks);
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

  it.each([1, 2])('is undecided in %d blocks, however good the others are, until chance is ruled out', (often) => {
    const run = downIn((arm, block) => arm === 'canary' && block <= often, often + 3);
    const verdict = judge(run);
    expect(verdict.decision).toBe('inconclusive');
    expect(verdict.scenarios[0]).toMatchObject({ blocks: { used: 3, invalid: often }, blocksNeeded: 3 - often });
    const [finding] = verdict.scenarios[0]?.findings ?? [];
    expect(finding).toMatchObject({ subject: 'stays-up', decision: 'inconclusive', pValue: rounded(3 ** -often) });
    expect(finding?.because).toMatch(/; (2 more blocks|1 more block) must rule out chance$/);
  });

  it('is played again with the seed of such a block, and to an end', () => {
    const downAt =
      (...downs: readonly number[]) =>
      (blocks: number) =>
        downIn((arm, block) => arm === 'canary' && downs.includes(block), blocks);
    const next = (run: Evidence): string => {
      const { block } = nextBlock(run.plan, run, judge(run)) ?? {};
      return block === undefined ? 'none' : `${block.block} of ${block.replayOf ?? 'its own'}`;
    };
    const played = (of: (blocks: number) => Evidence): readonly string[] => [3, 4, 5, 6, 7].map((n) => next(of(n)));
    expect(played(downAt(2))).toEqual(['4 of 2', '5 of 2', '6 of 2', '7 of 2', 'none']);
    // The third one proves it.
    expect(next(downAt(2, 4, 5)(5))).toBe('none');
    expect(judge(downAt(2)(7)).decision).toBe('inconclusive');
  });

  it.each(['stable', 'twin'] as const)('is a known weakness of both when %s is down, too, in any block', (other) => {
    const verdict = judge(downIn((arm, block) => arm === (block === 1 ? other : 'canary') && block < 5, 7));
    const [finding] = verdict.scenarios[0]?.findings ?? [];
    const breaches = { stable: [], twin: [], canary: [2, 3, 4], [other]: [1] };
    expect(finding).toMatchObject({ subject: 'stays-up', decision: 'known-weakness', breaches });
    expect(finding?.because).toBe(
      'known weakness: canary reference@.+suspect does not stay up in 3 of 7 blocks of watch-silent-death, ' +
        'and neither does stable reference@. (1 trial): gateway ended by itself with code 1',
    );
    expect(finding?.evidence[0]?.text).toContain(`block 1, ${other}: `);
    expect(verdict.decision).toBe('known-weakness');
  });

  it('masks nothing graver that the blocks show that could be tried', () => {
    const scenario: Scenario = { ...watchSilentDeath, expectations: [{ kind: 'invariant', oracle: 'stays-up' }] };
    const silent = (trial: TrialEvidence): History =>
      trial.history.map((o) => (trial.arm === 'canary' && o.kind === 'read' ? { ...o, got: 'error' } : o));
    const run = downIn((arm, block) => arm === 'canary' && block === 1, 4, scenario);
    const trials = run.trials.map((trial) => ({ ...trial, history: silent(trial) }));
    expect(judge({ ...run, trials }).decision).toBe('regression');
  });

  it.each<[string, (arm: Arm, block: number) => boolean]>([
    ['of stable', (arm) => arm === 'stable'],
    ['of all arms, as on a host that is too busy', () => true],
    ['of the canary and the twin', (arm) => arm !== 'stable'],
  ])('decides nothing %s', (_, which) => {
    const verdict = judge(downIn(which));
    expect(verdict.decision).toBe('invalid');
    expect(subjects(verdict)).not.toContain('stays-up');
  });
});
