/** A worker that went past a write's revision without serving the write has lost it. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { History, Observation } from '../../../../harness/model/history.ts';
import { watchSilentDeath } from '../../../../scenarios/watch/watch-silent-death.ts';
import { trial } from '../../../support/evidence.ts';

const decide = (edit: (history: History) => History, lost = 0): ReturnType<typeof ask> =>
  ask('no-lost-update', trial(watchSilentDeath, 1, 'canary', { lost }, edit), watchSilentDeath);

/** Changes what a worker serves for a route in its final read. */
const serving =
  (worker: string, route: string, got: number | null | 'error') =>
  (history: History): History =>
    history.map((o) => (o.kind === 'read' && o.worker === worker && o.route === route ? { ...o, got } : o));

const without = (wanted: (o: Observation) => boolean) => (history: History) => history.filter((o) => !wanted(o));
const after =
  (...more: readonly Observation[]) =>
  (history: History) => [...history, ...more];

describe('no-lost-update', () => {
  it('holds when every worker serves every acknowledged write', () => {
    expect(decide((h) => h)).toEqual({ state: 'held' });
  });

  it('is broken by a stale route beside a newer one, and says when it was written and where to read it', () => {
    const outcome = decide((h) => h, 3);
    expect(outcome).toMatchObject({ state: 'breached', count: 3, during: 'watch.stall' });
    const record = trial(watchSilentDeath, 1, 'canary', { lost: 3 });
    const [read, write] = outcome.state === 'breached' ? outcome.pointers : [];
    expect(record.history[(read?.line ?? 0) - 1]).toMatchObject({ kind: 'read', worker: 'w0', got: null });
    expect(record.history[(write?.line ?? 0) - 1]).toMatchObject({ kind: 'write', edge: 'ok' });
    expect(read?.text).toMatch(/^worker w0 serves nothing for r\d+, expected \d+$/);
  });

  it('is broken when the worker serves an old state as well as when it serves none', () => {
    expect(decide(serving('w1', 'r3', 1))).toMatchObject({ state: 'breached', count: 1 });
  });

  it('is not broken by the newest writes alone: that worker is merely behind', () => {
    const behind = (h: History): History => ['r27', 'r28', 'r29'].reduce((x, r) => serving('w0', r, null)(x), h);
    expect(decide(behind)).toEqual({ state: 'held' });
  });

  it('is not broken when only another worker went past the revision', () => {
    const deaf = (h: History): History => h.map((o) => (o.kind === 'read' && o.worker === 'w0' ? { ...o, got: 1 } : o));
    expect(decide(deaf)).toEqual({ state: 'held' });
  });

  it.each([
    ['unknown', { kind: 'write', route: 'r3', seq: 900, edge: 'unknown', atMs: 9_010 }],
    ['never ended', undefined],
  ] as const)('accepts the old and the new state after a write whose outcome is %s', (_, end) => {
    const perhaps = after(
      { kind: 'write', route: 'r3', seq: 900, edge: 'invoke', atMs: 9_000 },
      ...(end === undefined ? [] : [end]),
    );
    expect(decide(perhaps)).toEqual({ state: 'held' });
    expect(decide((h) => serving('w0', 'r3', 900)(perhaps(h)))).toEqual({ state: 'held' });
    expect(decide((h) => serving('w0', 'r3', 901)(perhaps(h)))).toMatchObject({ state: 'breached' });
  });

  it('does not accept a write that failed', () => {
    const failed = after(
      { kind: 'write', route: 'r3', seq: 900, edge: 'invoke', atMs: 9_000 },
      { kind: 'write', route: 'r3', seq: 900, edge: 'fail', atMs: 9_010 },
    );
    expect(decide(failed)).toEqual({ state: 'held' });
    expect(decide((h) => serving('w0', 'r3', 900)(failed(h)))).toMatchObject({ state: 'breached' });
  });

  it('keeps an unended write open when a later one fails, and closes it when a later one is acknowledged', () => {
    const open = { kind: 'write', route: 'r3', seq: 900, edge: 'invoke', atMs: 9_000 } as const;
    const next = (edge: 'ok' | 'fail', seq: number): History => [
      { kind: 'write', route: 'r3', seq, edge: 'invoke', atMs: 9_020 },
      { kind: 'write', route: 'r3', seq, edge, revision: '1003', atMs: 9_030 },
    ];
    const serves900 = serving('w0', 'r3', 900);
    expect(decide((h) => serves900(after(open, ...next('fail', 901))(h)))).toEqual({ state: 'held' });
    const closed = after(open, ...next('ok', 103));
    expect(decide((h) => serves900(closed(h)))).toMatchObject({ state: 'breached', count: 1 });
  });

  it('holds revisions against each other only within one history of etcd: what was written again counts as of then', () => {
    // etcd was wiped and begins at revision 1; the whole table is written again in one revision.
    const again = Array.from({ length: 30 }, (_, i): Observation[] => [
      { kind: 'write', route: `r${i}`, seq: 100 + i, edge: 'invoke', again: true, atMs: 6_055 },
      { kind: 'write', route: `r${i}`, seq: 100 + i, edge: 'ok', revision: '5', again: true, atMs: 6_056 },
    ]).flat();
    const written = (seq: number, revision: string, atMs: number): History => [
      { kind: 'write', route: 'r0', seq, edge: 'invoke', atMs },
      { kind: 'write', route: 'r0', seq, edge: 'ok', revision, atMs },
    ];
    // w0 follows nothing any more; w1 serves what is new.
    const deaf = (h: History): History => serving('w1', 'r0', 700)(h);
    const told = (h: History): History => deaf(after(...again, ...written(700, '8', 8_000))(h));
    expect(decide(told)).toEqual({ state: 'held' });
    // Without it the revisions of the old history would make of a worker that is behind one that has lost a write.
    const untold = (h: History): History => deaf(after(...written(700, '8', 8_000))(h));
    expect(decide(untold)).toMatchObject({ state: 'breached' });
    // One that follows again and lacks a route has lost it.
    const later = after(
      { kind: 'write', route: 'r1', seq: 701, edge: 'invoke', atMs: 8_100 },
      { kind: 'write', route: 'r1', seq: 701, edge: 'ok', revision: '9', atMs: 8_100 },
    );
    const follows = (h: History): History =>
      ['w0', 'w1'].reduce<History>((x, w) => serving(w, 'r1', 701)(x), later(told(h)));
    expect(decide(follows)).toMatchObject({ state: 'breached', count: 1 });
  });

  it.each([
    ['there are no final reads', without((o) => o.kind === 'read'), /no route was read/],
    ['a worker was not seen', without((o) => o.kind === 'read' && o.worker === 'w1'), /only 1 of 2 workers/],
    ['a read failed', serving('w1', 'r5', 'error'), /w1 gave no usable answer for 1 of 30/],
    ['nothing was written', without((o) => o.kind === 'write'), /no config write/],
  ] as const)('cannot tell when %s', (_, edit, why) => {
    const outcome = decide(edit);
    expect(outcome.state === 'cannot-tell' ? outcome.why : outcome.state).toMatch(why);
  });

  it('cannot tell when the record makes no sense', () => {
    const nonsense = (h: History): History => h.map((o) => (o.kind === 'write' ? { ...o, revision: 'x1' } : o));
    expect(decide(nonsense)).toMatchObject({ state: 'cannot-tell' });
  });
});
