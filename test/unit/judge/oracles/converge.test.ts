/** After the heal the workers must catch up in time; only what was seen after it counts. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { History } from '../../../../harness/model/history.ts';
import { watchSilentDeath } from '../../../../scenarios/watch/watch-silent-death.ts';
import { trial, type Shape } from '../../../support/evidence.ts';

const decide = (shape: Partial<Shape>, edit: (history: History) => History = (h) => h): ReturnType<typeof ask> =>
  ask('converge', trial(watchSilentDeath, 1, 'canary', shape, edit), watchSilentDeath);

describe('converge', () => {
  it('holds up to the allowed 6 s and not beyond', () => {
    expect(decide({ convergedMs: 6_000 })).toEqual({ state: 'held' });
    expect(decide({ convergedMs: 6_001 })).toMatchObject({ state: 'breached', count: 0 });
  });

  it('names the stale routes and workers when convergence never came', () => {
    const outcome = decide({ convergedMs: undefined, lost: 4 });
    expect(outcome).toMatchObject({ state: 'breached', count: 4 });
    expect(outcome.state === 'breached' ? outcome.pointers[0]?.text : '').toMatch(
      /^worker w0 still serves nothing for r/,
    );
  });

  it('is broken by a route that nobody ever wrote and that a worker does not serve at the end', () => {
    // Convergence is awaited without the ballast; only the final reads see it.
    const read = {
      kind: 'read',
      purpose: 'final',
      worker: 'w1',
      route: 'ballast-7',
      expected: 7,
      atMs: 9_500,
    } as const;
    const reading =
      (got: number | null) =>
      (h: History): History => [...h, { ...read, got }];
    expect(decide({}, reading(null))).toMatchObject({ state: 'breached', count: 1 });
    expect(decide({}, reading(7))).toEqual({ state: 'held' });
    // What was written and is lost is for another oracle to say.
    expect(decide({ lost: 1 })).toEqual({ state: 'held' });
  });

  it('does not take the convergence before the trial for that after the heal', () => {
    const early = (h: History): History => [{ kind: 'converged', afterHealMs: 0, reads: 60, atMs: 50 }, ...h];
    expect(decide({ convergedMs: undefined, lost: 1 }, early)).toMatchObject({ state: 'breached' });
  });

  it.each([
    ['there are neither reads nor convergence', (h: History) => h.filter((o) => o.kind !== 'read')],
    ['no read is stale, yet convergence was not seen', (h: History) => h],
    ['the settling never started', (h: History) => h.filter((o) => !(o.kind === 'phase' && o.phase === 'settle'))],
  ])('cannot tell when %s', (_, edit) => {
    expect(decide({ convergedMs: undefined }, edit)).toMatchObject({ state: 'cannot-tell' });
  });

  it('cannot tell from a convergence that read nothing', () => {
    const blind = (h: History): History => h.map((o) => (o.kind === 'converged' ? { ...o, reads: 0 } : o));
    expect(decide({}, blind)).toMatchObject({ state: 'cannot-tell' });
  });
});
