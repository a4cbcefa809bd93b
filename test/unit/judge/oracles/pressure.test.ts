/** What a gateway asks of etcd, against the other arms; and whether it wrote. */
import { describe, expect, it } from 'vitest';
import { factor, slack } from '../../../../harness/judge/oracles/bounded-pressure.ts';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { Outcome } from '../../../../harness/judge/oracles/oracle.ts';
import type { TrialEvidence } from '../../../../harness/model/evidence.ts';
import { pressure, pressureSample, writesToEtcd } from '../../../../harness/model/pressure.ts';
import { watchCut } from '../../../../scenarios/watch/watch-cut.ts';
import { trial } from '../../../support/evidence.ts';

type Counts = Readonly<Record<string, number>>;

const usual: Counts = Object.fromEntries(Object.keys(pressure).map((what) => [what, 10]));

const counted = (counts: Counts, writes = 0): TrialEvidence =>
  trial(watchCut, 1, 'canary', {}, (history) => [
    ...history,
    ...Object.entries({ ...usual, ...counts }).map(
      ([what, value]) => ({ kind: 'sample', metric: pressureSample(what), value, atMs: 9_800 }) as const,
    ),
    { kind: 'sample', metric: writesToEtcd, value: writes, atMs: 9_801 },
  ]);

const decide = (own: Counts, ...peers: readonly Counts[]): Outcome =>
  ask(
    'bounded-pressure',
    counted(own),
    watchCut,
    peers.map((counts) => counted(counts)),
  );

describe('bounded-pressure', () => {
  it('holds at the factor and the slack', () =>
    expect(decide({ watches: factor * 12 + slack }, { watches: 12 }, {})).toEqual({ state: 'held' }));

  it('is broken beyond, by the busier of the others', () => {
    const outcome = decide({ watches: factor * 12 + slack + 1 }, { watches: 12 }, {});
    expect(outcome).toMatchObject({ state: 'breached', count: 1 });
    expect(outcome.state === 'breached' ? outcome.pointers[0]?.text : '').toBe(
      '29 watches at etcd, the others at most 12',
    );
  });

  it('counts each kind of request', () =>
    expect(decide({ watches: 100, 'range reads': 100 }, {}, {})).toMatchObject({ state: 'breached', count: 2 }));

  it('cannot tell alone, or without samples', () => {
    expect(decide({})).toMatchObject({ state: 'cannot-tell' });
    const bare = trial(watchCut, 1, 'stable');
    expect(ask('bounded-pressure', bare, watchCut, [counted({})])).toMatchObject({ state: 'cannot-tell' });
    expect(ask('bounded-pressure', counted({}), watchCut, [bare])).toMatchObject({ state: 'cannot-tell' });
  });
});

describe('read-only', () => {
  it('holds without a write', () => expect(ask('read-only', counted({}), watchCut)).toEqual({ state: 'held' }));
  it('is broken by one', () =>
    expect(ask('read-only', counted({}, 3), watchCut)).toMatchObject({ state: 'breached', count: 3 }));
  it('cannot tell when nobody counted', () =>
    expect(ask('read-only', trial(watchCut, 1, 'canary'), watchCut)).toMatchObject({ state: 'cannot-tell' }));
});
