/** A fault that repeats: each time needs its proof, and the sentence says in which times something broke. */
import { expect, test } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import type { Evidence } from '../../../harness/model/evidence.ts';
import type { History, Observation } from '../../../harness/model/history.ts';
import { timelineOf } from '../../../harness/reporters/html/timeline.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence } from '../../support/evidence.ts';

const pause = { kind: 'etcd.pause' } as const;
const scenario: Scenario = {
  ...watchSilentDeath,
  timeline: [{ at: '0s', hold: '500ms', repeat: { gap: '500ms', times: 3 }, fault: pause }],
};
const turns = 3;

/** Of turn n from 3.1 s on, each second one. */
function edges(turn: number): readonly Observation[] {
  const startMs = 3_100 + (turn - 1) * 1_000;
  const of = (edge: 'inject' | 'verified' | 'heal' | 'healed', afterMs: number): Observation => ({
    kind: 'fault',
    step: 0,
    fault: pause,
    edge,
    turn,
    turns,
    atMs: startMs + afterMs,
    proof: `${edge} ${turn}`,
  });
  return [of('inject', 0), of('verified', 100), of('heal', 500), of('healed', 510)];
}

/** Three times a pause; wrong answers of every arm at these moments. */
function repeated(wrongAtMs: readonly number[], seen = [1, 2, 3]): Evidence {
  const wrong = wrongAtMs.map((atMs): Observation => ({
    kind: 'wrong-answer',
    route: 's1',
    status: 404,
    expected: 1,
    atMs,
  }));
  const edit = (history: History): History =>
    [...history.filter(({ kind }) => kind !== 'fault'), ...seen.flatMap(edges), ...wrong].toSorted(
      (a, b) => a.atMs - b.atMs,
    );
  const tried = evidence([scenario], 3);
  return { ...tried, trials: tried.trials.map((trial) => ({ ...trial, history: edit(trial.history) })) };
}

test('the sentence says in which of its times the fault did harm', () => {
  const { decision, because } = judge(repeated([4_200, 5_300]));
  expect(decision).toBe('known-weakness');
  expect(because).toContain('answered wrongly while etcd stood still (turn 2 of 3 and 3 of 3)');
});

test('a moment between two times belongs to none', () => {
  expect(judge(repeated([3_700])).because).not.toMatch(/\(turn|stood still/);
});

test('a time without a proof makes the trial invalid', () => {
  expect(judge(repeated([], [1, 3])).because).toContain('1 of 3 faults have no proof of effect');
});

test('the report has a band for each time, with its proofs', () => {
  const { windows, events } = timelineOf(repeated([]).trials.slice(0, 1));
  expect(windows).toEqual([0, 1, 2].map((from) => ({ from, to: from + 0.5 })));
  expect(events.slice(0, 3).map(({ text, proof }) => [text, proof])).toEqual([
    ['inject etcd.pause, 1 of 3', 'verified 1'],
    ['heal etcd.pause, 1 of 3', 'healed 1'],
    ['inject etcd.pause, 2 of 3', 'verified 2'],
  ]);
});
