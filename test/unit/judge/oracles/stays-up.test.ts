/** Workers that do not answer at the end, and processes that end by themselves. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { TrialEvidence } from '../../../../harness/model/evidence.ts';
import type { History } from '../../../../harness/model/history.ts';
import { samples } from '../../../../harness/model/samples.ts';
import type { Scenario } from '../../../../scenarios/scenario.ts';
import { none } from '../../../../scenarios/steady/none.ts';
import { trial } from '../../../support/evidence.ts';

const ended =
  (value: number) =>
  (history: History): History => [...history, { kind: 'sample', metric: samples.endedWorkers, value, atMs: 9_000 }];
const silent =
  (worker: string) =>
  (history: History): History =>
    history.map((o) => (o.kind === 'read' && o.worker === worker ? { ...o, got: 'error' as const } : o));
const of = (edit: (history: History) => History): TrialEvidence => trial(none, 1, 'canary', {}, edit);
const calm = of(ended(0));
const decide = (
  edit: (history: History) => History,
  peers: readonly TrialEvidence[] = [calm, calm],
  scenario: Scenario = none,
): ReturnType<typeof ask> => ask('stays-up', of(edit), scenario, peers);

describe('stays-up', () => {
  it('holds where every worker answers at the end, and none has ended', () =>
    expect(decide(ended(0))).toEqual({ state: 'held' }));

  it('is broken by a worker that answers none of the final reads', () => {
    const outcome = decide(silent('w1'));
    expect(outcome).toMatchObject({ state: 'breached', count: 1 });
    if (outcome.state === 'breached') expect(outcome.pointers[0]?.text).toContain('worker w1 gave no answer');
  });

  it('is not broken by a single read without an answer', () =>
    expect(
      decide((history) => {
        const index = history.findIndex((o) => o.kind === 'read');
        return history.map((o, at) => (at === index && o.kind === 'read' ? { ...o, got: 'error' as const } : o));
      }),
    ).toEqual({ state: 'held' }));

  it('is broken by processes that end by themselves, where those of both others do not', () =>
    expect(decide(ended(4))).toMatchObject({ state: 'breached', count: 4 }));

  it('is not, where those of another arm do so too, or nobody is there to compare with', () => {
    expect(decide(ended(4), [calm, of(ended(1))])).toEqual({ state: 'held' });
    expect(decide(ended(4), [])).toEqual({ state: 'held' });
  });

  it('counts none where the timeline ends processes, and all where it only holds them back', () => {
    const killed: Scenario = {
      ...none,
      timeline: [{ at: '0s', hold: '1s', fault: { kind: 'gateway.kill', target: 'worker' } }],
    };
    const narrow: Scenario = {
      ...none,
      timeline: [{ at: '0s', hold: '1s', fault: { kind: 'gateway.cpu', cores: 1 } }],
    };
    expect(decide(ended(4), [calm, calm], killed)).toEqual({ state: 'held' });
    expect(decide(ended(4), [calm, calm], narrow)).toMatchObject({ state: 'breached' });
  });

  it('cannot tell without a final read', () =>
    expect(decide((history) => history.filter(({ kind }) => kind !== 'read'))).toMatchObject({ state: 'cannot-tell' }));
});
