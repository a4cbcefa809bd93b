/** A trial that was ended early shows its harm by the counts, and counts as an experiment. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../../harness/judge/judge.ts';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { History } from '../../../../harness/model/history.ts';
import { etcdOverload } from '../../../../scenarios/etcd/etcd-overload.ts';
import { none } from '../../../../scenarios/steady/none.ts';
import type { Scenario } from '../../../../scenarios/scenario.ts';
import { evidence, trial } from '../../../support/evidence.ts';

/** Ended at 4 s: nothing was recorded after. */
const ended =
  (bad: number, good: number) =>
  (history: History): History => [
    ...history.filter(({ atMs }) => atMs < 4_000),
    { kind: 'gross-harm', bad, good, atMs: 4_000 },
  ];
const decide = (edit: (history: History) => History): ReturnType<typeof ask> =>
  ask('no-gross-harm', trial(none, 1, 'canary', {}, edit), none);

describe('no-gross-harm', () => {
  it('holds in a trial that came to its end', () => expect(decide((h) => h)).toEqual({ state: 'held' }));

  it('is broken by certain harm, and points at it', () => {
    const outcome = decide(ended(45, 700));
    expect(outcome).toMatchObject({ state: 'breached', count: 45 });
    if (outcome.state === 'breached') expect(outcome.pointers[0]?.text).toContain('45 of 745 requests');
  });

  it.each([
    ['harm that is none by the counts', ended(3, 700)],
    ['an end without a reason', (h: History) => h.filter(({ atMs }) => atMs < 4_000)],
    ['no load', (h: History) => h.filter(({ kind }) => kind !== 'load')],
  ])('cannot tell from %s', (_, edit) => expect(decide(edit)).toMatchObject({ state: 'cannot-tell' }));
});

it('a canary that is ended in three blocks is a regression, whether or not the fault had begun', () => {
  const scenario: Scenario = {
    ...etcdOverload,
    expectations: [{ kind: 'invariant', oracle: 'no-gross-harm' }, ...etcdOverload.expectations],
  };
  const run = evidence([scenario], 3);
  const trials = run.trials.map((t) =>
    t.arm === 'canary'
      ? { ...t, latency: [], history: ended(30, 70)(t.history).filter(({ kind }) => kind !== 'fault') }
      : t,
  );
  const verdict = judge({ ...run, trials });
  expect(verdict.decision).toBe('regression');
  expect(verdict.because).toContain('loses requests on a scale at which the trial was ended in 3 of 3 blocks');
});
