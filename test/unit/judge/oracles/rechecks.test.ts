/** Changes that every worker had shown, looked at again; and states that nobody wrote. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { Outcome } from '../../../../harness/judge/oracles/oracle.ts';
import type { History, Observation, Seq } from '../../../../harness/model/history.ts';
import { recheckedSample } from '../../../../harness/model/rechecks.ts';
import { samples } from '../../../../harness/model/samples.ts';
import type { Invariant, Scenario } from '../../../../scenarios/scenario.ts';
import { watchCut } from '../../../../scenarios/watch/watch-cut.ts';
import { trial } from '../../../support/evidence.ts';

const read = (purpose: 'again' | 'final', route: string, expected: Seq, got: Seq | 'error'): Observation => ({
  kind: 'read',
  purpose,
  worker: 'w0',
  route,
  expected,
  got,
  atMs: 9_900,
});

const decide = (oracle: Invariant, more: readonly Observation[], looked = 5): Outcome => {
  const edit = (history: History): History => [
    ...history,
    ...more,
    { kind: 'sample', metric: recheckedSample, value: looked, atMs: 9_950 },
  ];
  return ask(oracle, trial(watchCut, 1, 'canary', {}, edit), watchCut);
};

describe('monotonic', () => {
  it('is broken by an older state, once for each route', () => {
    const more = [read('again', 'r1', 101, null), read('again', 'r1', 101, 7), read('again', 'r2', 102, null)];
    expect(decide('monotonic', more)).toMatchObject({ state: 'breached', count: 2 });
  });

  it('is the matter of another oracle where the route was deleted', () =>
    expect(decide('monotonic', [read('again', 'r1', null, 7)])).toEqual({ state: 'held' }));

  it('is not broken by what a write of unknown outcome may have left, nor by no answer', () => {
    const unknown: Observation = { kind: 'write', route: 'r1', seq: 500, edge: 'unknown', atMs: 9_000 };
    const more = [unknown, read('again', 'r1', 101, 500), read('again', 'r2', 102, 'error')];
    expect(decide('monotonic', more)).toEqual({ state: 'held' });
  });

  it('cannot tell when nothing was looked at', () =>
    expect(decide('monotonic', [], 0)).toMatchObject({ state: 'cannot-tell' }));
});

describe('no-resurrection', () => {
  it('is broken by a deleted route that is served', () => {
    const outcome = decide('no-resurrection', [read('again', 'r1', null, 7)]);
    expect(outcome).toMatchObject({ state: 'breached', count: 1 });
    expect(outcome.state === 'breached' ? outcome.pointers[0]?.text : '').toBe(
      'worker w0 serves 7 for r1, which was deleted and gone',
    );
  });

  it('is the matter of another oracle where the route is there', () =>
    expect(decide('no-resurrection', [read('again', 'r1', 101, 7)])).toEqual({ state: 'held' }));
});

describe('no-phantom', () => {
  it('holds when each route shows what was written to it, or what it had before', () => {
    expect(decide('no-phantom', [read('final', 'r1', 101, 7)])).toEqual({ state: 'held' });
  });

  it('is not broken by a route that is served as it was before it was deleted: that is another matter', () => {
    const deleted: readonly Observation[] = [
      { kind: 'write', route: 'probe-9', seq: null, edge: 'invoke', atMs: 9_000 },
      { kind: 'write', route: 'probe-9', seq: null, edge: 'ok', revision: '2000', atMs: 9_001 },
    ];
    expect(decide('no-phantom', [...deleted, read('final', 'probe-9', null, 7)])).toEqual({ state: 'held' });
  });

  describe('beside a fault that numbers its own routes from 0', () => {
    // Of the 60 routes of the table the last 4 are in the static configuration; the writer goes on from 61.
    const scenario: Scenario = { ...watchCut, table: { settled: 20, ballast: 10, static: 4 } };
    const decideHere = (...more: readonly Observation[]): Outcome => {
      const written = ['txn-0', 'txn-1'].map((route, seq): Observation => {
        return { kind: 'write', route, seq, edge: 'ok', revision: '2000', atMs: 9_001 };
      });
      const size: Observation = { kind: 'sample', metric: samples.tableRoutes, value: 56, atMs: 1 };
      const edit = (history: History): History => [size, ...history, ...written, ...more];
      return ask('no-phantom', trial(scenario, 1, 'canary', {}, edit), scenario);
    };

    it.each([1, 57, 60])('a route may be served as it was at the start, with %d', (got) =>
      expect(decideHere(read('final', 'r1', 101, got))).toEqual({ state: 'held' }),
    );

    it('a fault may write a route of the table as it was', () => {
      const again: Observation = { kind: 'write', route: 'ballast-9', seq: 30, edge: 'ok', revision: '1', atMs: 9_000 };
      const reads = [read('final', 'ballast-9', 30, 30), read('final', 'r1', 101, 12)];
      expect(decideHere(again, ...reads)).toEqual({ state: 'held' });
    });

    it.each([
      ['a number that was never given', read('final', 'r1', 101, 61)],
      ['the state of another route of the fault', read('final', 'txn-1', 1, 0)],
    ])('is broken by %s', (_, phantom) => expect(decideHere(phantom)).toMatchObject({ state: 'breached', count: 1 }));
  });

  it('takes nothing for new that is written again as it was', () => {
    const again: readonly Observation[] = [
      { kind: 'write', route: 'settled-1', seq: 3, edge: 'invoke', again: true, atMs: 9_000 },
      { kind: 'write', route: 'settled-1', seq: 3, edge: 'ok', revision: '2000', again: true, atMs: 9_001 },
    ];
    // r1 as it was before it was written: behind, and no phantom.
    const reads = [read('final', 'settled-1', 3, 3), read('again', 'r1', 101, 8)];
    expect(decide('no-phantom', [...again, ...reads])).toEqual({ state: 'held' });
  });

  it.each([
    ['the state of another route', read('final', 'r1', 101, 102)],
    ['a state that nobody wrote', read('final', 'r1', 101, 999)],
    ['another state of a route that nobody wrote to', read('final', 'settled-1', 3, 4)],
  ])('is broken by %s', (_, phantom) =>
    expect(decide('no-phantom', [phantom])).toMatchObject({ state: 'breached', count: 1 }),
  );

  it('is broken by a write that etcd refused', () => {
    const failed: Observation = { kind: 'write', route: 'r1', seq: 600, edge: 'fail', atMs: 9_000 };
    expect(decide('no-phantom', [failed, read('final', 'r1', 101, 600)])).toMatchObject({ state: 'breached' });
  });
});
