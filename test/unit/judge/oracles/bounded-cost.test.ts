/** An arm that takes far more of its host than both others. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { TrialEvidence } from '../../../../harness/model/evidence.ts';
import { samples } from '../../../../harness/model/samples.ts';
import { none } from '../../../../scenarios/steady/none.ts';
import { type Shape, trial } from '../../../support/evidence.ts';

/** The settling of the synthetic trials is as long as that of the scenario. */
const of = (shape: Partial<Shape> = {}, files = 40): TrialEvidence =>
  trial(none, 1, 'canary', shape, (history) => [
    ...history,
    { kind: 'sample', metric: samples.openFiles, value: 30, atMs: 1_200 },
    { kind: 'sample', metric: samples.openFiles, value: files, atMs: 9_000 },
  ]);
const calm = of();
const decide = (own: TrialEvidence, peers: readonly TrialEvidence[] = [calm, calm]): ReturnType<typeof ask> =>
  ask('bounded-cost', own, none, peers);

describe('bounded-cost', () => {
  it('holds where all take alike, and where one is somewhat dearer', () => {
    expect(decide(of())).toEqual({ state: 'held' });
    expect(decide(of({ cpuMicros: 200, keptKiB: 500 }, 90))).toEqual({ state: 'held' });
  });

  it.each<[string, TrialEvidence, RegExp]>([
    ['a loop that spins', of({ cpuMicros: 1_000 }), /s of processor time/],
    ['memory that is kept', of({ keptKiB: 8_000 }), /MiB more resident memory/],
    ['connections that are never closed', of({}, 400), /400 open files and connections/],
  ])('is broken by %s', (_, own, words) => {
    const outcome = decide(own);
    expect(outcome).toMatchObject({ state: 'breached', count: 1 });
    if (outcome.state === 'breached') expect(outcome.pointers[0]?.text).toMatch(words);
  });

  it('tells nothing of what is given back, however late: old workers beside new ones', () => {
    const late = trial(none, 1, 'canary', {}, (history) => [
      ...history,
      { kind: 'sample', metric: samples.openFiles, value: 400, atMs: 9_000 },
      { kind: 'sample', metric: samples.openFiles, value: 40, atMs: 9_700 },
    ]);
    expect(decide(late)).toEqual({ state: 'held' });
  });

  it('is the same rule for every arm: of two that are dear none is told', () =>
    expect(decide(of({ cpuMicros: 1_000 }), [calm, of({ cpuMicros: 1_000 })])).toEqual({ state: 'held' }));

  it('is decided from the kinds that the host tells, when it does not tell all', () => {
    const partly = (trial: TrialEvidence): TrialEvidence => ({
      ...trial,
      history: trial.history.filter((o) => o.kind !== 'sample' || o.metric === samples.openFiles),
    });
    const bare = partly(calm);
    expect(decide(bare, [bare, bare])).toEqual({ state: 'held' });
    expect(decide(partly(of({}, 400)), [bare, bare])).toMatchObject({ state: 'breached', count: 1 });
  });

  it('cannot tell alone, nor from a trial that was not sampled or ended early', () => {
    expect(decide(of(), [])).toMatchObject({ state: 'cannot-tell' });
    const bare = trial(none, 1, 'canary', {}, (history) => history.filter(({ kind }) => kind !== 'sample'));
    expect(decide(bare)).toMatchObject({ state: 'cannot-tell' });
    // On a host that tells it of nobody there is nothing to compare.
    expect(decide(bare, [bare, bare])).toEqual({
      state: 'cannot-tell',
      why: 'of no arm was it sampled what it takes of its host',
    });
    const short = trial(none, 1, 'canary', {}, (history) => history.filter(({ atMs }) => atMs < 4_000));
    expect(decide(short)).toMatchObject({ state: 'cannot-tell' });
  });
});
