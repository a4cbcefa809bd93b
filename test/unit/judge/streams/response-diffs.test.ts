/** The stream of answers: who stands alone, what is noise, and that relabelling the arms of any block leaves no one favoured. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../../harness/judge/judge.ts';
import { responseDiffs } from '../../../../harness/judge/streams/response-diffs.ts';
import type { Block } from '../../../../harness/judge/blocks.ts';
import type { TrialEvidence } from '../../../../harness/model/evidence.ts';
import type { History } from '../../../../harness/model/history.ts';
import type { Arm } from '../../../../harness/model/plan.ts';
import { requestPaths } from '../../../../scenarios/http/request-paths.ts';
import { evidence } from '../../../support/evidence.ts';

type Answers = Readonly<Record<string, string>>;
type Told = Readonly<Record<Arm, Answers>>;

const asked = (answers: Answers, stage: 'before' | 'after'): History =>
  Object.entries(answers).map(
    ([request, answer], index) => ({ kind: 'conformance', stage, request, answer, atMs: 10_000 + index }) as const,
  );

const bare = (block: number, arm: Arm, history: History): TrialEvidence => {
  return {
    scenario: 's',
    block,
    arm,
    seed: 1,
    folder: `trials/s-${block}-${arm}`,
    state: 'completed',
    history,
    latency: [],
  };
};

const blockOf = (block: number, before: Told, after: Partial<Told> = {}): Block => {
  const of = (arm: Arm): TrialEvidence =>
    bare(block, arm, [...asked(before[arm], 'before'), ...asked(after[arm] ?? {}, 'after')]);
  return { block, trials: { stable: of('stable'), twin: of('twin'), canary: of('canary') } };
};

const told = (stable: string, twin: string, canary: string): Told => ({
  stable: { a: stable, calm: 'same' },
  twin: { a: twin, calm: 'same' },
  canary: { a: canary, calm: 'same' },
});

describe('response diffs', () => {
  it('are told of nobody who was not asked', () => expect(responseDiffs([blockOf(1, { stable: {}, twin: {}, canary: {} })])).toBeUndefined()); // prettier-ignore

  it('name the request, who stood alone with it, and both answers', () => {
    const diffs = responseDiffs([1, 2, 3].map((block) => blockOf(block, told('200 a', '200 a', '404'))));
    expect(diffs).toMatchObject({
      asked: 2,
      differ: 1,
      shown: [
        {
          request: 'a',
          alone: { stable: [], twin: [], canary: [1, 2, 3] },
          by: 'canary',
          answer: '404',
          others: '200 a',
        },
      ],
    });
    // (1/4)·(1 − (1/3)⁴) / ((2/3)·(1/3)³), by hand.
    expect(diffs?.shown[0]?.eValue).toBeCloseTo(10, 4);
  });

  it('leave out what stable and its twin do not agree on', () => {
    expect(responseDiffs([blockOf(1, told('x', 'y', 'z')), blockOf(2, told('x', 'y', 'y'))])).toMatchObject({
      differ: 1,
      shown: [{ by: 'stable', alone: { canary: [] } }],
    });
  });

  it('count a request once a block, and not at all when two arms stood alone in turn', () => {
    const [before, after] = [told('x', 'x', 'y'), told('y', 'x', 'x')];
    expect(responseDiffs([blockOf(1, before, before)])?.shown[0]?.alone.canary).toEqual([1]);
    expect(responseDiffs([blockOf(1, before, after)])).toMatchObject({ differ: 0, shown: [] });
  });

  it('lead only when that is no more than chance gives of so many requests', () => {
    const broken = (blocks: number): boolean =>
      responseDiffs(Array.from({ length: blocks }, (_, i) => blockOf(i + 1, told('x', 'x', 'y'))))?.shown[0]?.lead ??
      false;
    expect([broken(3), broken(4)]).toEqual([false, true]);
  });
});

const answer = fc.constantFrom('x', 'y', 'z');
const triples = fc.array(fc.tuple(answer, answer, answer), { minLength: 1, maxLength: 3 });

describe('their laws', () => {
  it('over all labellings of the blocks the e-value is 1 on average at most', () => {
    fc.assert(
      fc.property(triples, (blocks) => {
        const orders = permutations([0, 1, 2]);
        const labellings = blocks.reduce<readonly (readonly number[])[][]>(
          (all) => all.flatMap((chosen) => orders.map((order) => [...chosen, order])),
          [[]],
        );
        const values = labellings.map((labelling) => {
          const relabelled = blocks.map((texts, i) => {
            const [s = 0, t = 1, c = 2] = labelling[i] ?? [];
            return blockOf(i + 1, told(texts[s] ?? '', texts[t] ?? '', texts[c] ?? ''));
          });
          return responseDiffs(relabelled)?.shown[0]?.eValue ?? 1;
        });
        expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeLessThanOrEqual(1 + 1e-5);
      }),
      { numRuns: 12 },
    );
  });

  it('a canary that stands alone in one more block is suspected more, a stable arm that does so clears it', () => {
    fc.assert(
      fc.property(triples, (blocks) => {
        const given = blocks.map((texts, i) => blockOf(i + 1, told(...texts)));
        const value = (more: Told): number =>
          responseDiffs([...given, blockOf(blocks.length + 1, more)])?.shown[0]?.eValue ?? 1;
        const [calm, canary, stable] = [told('x', 'x', 'x'), told('x', 'x', 'y'), told('y', 'x', 'x')].map(value);
        expect(canary).toBeGreaterThan(calm ?? Number.NaN);
        expect(stable).toBeLessThan(calm ?? Number.NaN);
      }),
    );
  });

  it('they move no decision, and the verdict is the same bytes in whatever order the trials come', () => {
    const given = evidence([requestPaths], 3);
    const answers = told('200 a', '200 a', '404');
    const trials = given.trials.map((each) => {
      return { ...each, history: [...each.history, ...asked(answers[each.arm], 'before')] };
    });
    const verdict = judge({ ...given, trials });
    expect(verdict.scenarios[0]?.responses?.shown[0]).toMatchObject({ request: 'a', lead: false });
    expect(verdict.decision).toBe('regression');
    expect(JSON.stringify(judge({ ...given, trials: trials.toReversed() }))).toBe(JSON.stringify(verdict));
  });
});

function permutations(values: readonly number[]): readonly (readonly number[])[] {
  if (values.length < 2) return [values];
  return values.flatMap((value) =>
    permutations(values.filter((other) => other !== value)).map((rest) => [value, ...rest]),
  );
}
