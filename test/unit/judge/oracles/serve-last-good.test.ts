/** A settled route answered wrongly since the baseline is the breach; no load is no proof. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { History } from '../../../../harness/model/history.ts';
import { etcdOverload } from '../../../../scenarios/etcd/etcd-overload.ts';
import { trial, type Shape } from '../../../support/evidence.ts';

const decide = (shape: Partial<Shape>, edit: (history: History) => History = (h) => h): ReturnType<typeof ask> =>
  ask('serve-last-good', trial(etcdOverload, 1, 'canary', shape, edit), etcdOverload);

describe('serve-last-good', () => {
  it('holds under load without a wrong answer', () => expect(decide({})).toEqual({ state: 'held' }));

  it('is broken by wrong answers, counted and pointed at', () => {
    const outcome = decide({ wrong: 3 });
    expect(outcome).toMatchObject({ state: 'breached', count: 3 });
    expect(outcome.state === 'breached' ? outcome.pointers[0]?.text : '').toBe('s0 answered 404, expected sequence 1');
  });

  it('is not broken by a wrong answer before the baseline', () => {
    const early = (h: History): History => h.map((o) => (o.kind === 'wrong-answer' ? { ...o, atMs: 900 } : o));
    expect(decide({ wrong: 1 }, early)).toEqual({ state: 'held' });
  });

  it.each([
    ['there was no load', (h: History) => h.filter((o) => o.kind !== 'load')],
    ['nothing was sent', (h: History) => h.map((o) => (o.kind === 'load' ? { ...o, sent: 0 } : o))],
    ['the baseline never started', (h: History) => h.filter((o) => o.kind !== 'phase')],
    ['there is no history', () => []],
  ])('cannot tell when %s', (_, edit) => {
    expect(decide({}, edit)).toMatchObject({ state: 'cannot-tell' });
  });
});
