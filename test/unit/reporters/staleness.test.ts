/** Who served an older state, of which route, and for how long. */
import { describe, expect, it } from 'vitest';
import type { Observation, Unstamped } from '../../../harness/model/history.ts';
import { staleness, watchedSpan } from '../../../harness/reporters/html/staleness.ts';

type At = readonly [atMs: number, observation: Unstamped];

const baseline: At = [100, { kind: 'phase', phase: 'baseline' }];
const write = (atMs: number, seq: number | null, edge: 'ok' | 'unknown' = 'ok', route = 'r'): At =>
  [atMs, { kind: 'write', route, seq, edge }]; // prettier-ignore
const shown = (atMs: number, worker: string, seq: number | null, route = 'r'): At =>
  [atMs, { kind: 'shown', worker, route, seq }]; // prettier-ignore
const read = (atMs: number, worker: string, expected: number | null, got: number | null | 'error', purpose: 'final' | 'again' = 'final'): At => // prettier-ignore
  [atMs, { kind: 'read', purpose, worker, route: 'r', expected, got }]; // prettier-ignore

/** `w0: 200-300` for each worker and route that was ever stale. */
function told(lines: readonly At[], workers = 2): readonly string[] {
  const history = [baseline, ...lines].map(([atMs, o]): Observation => ({ atMs, ...o }));
  return staleness(history, workers).flatMap(({ worker, routes }) =>
    routes.map(({ stale }) => `${worker}: ${stale.map(({ from, to }) => `${from}-${to}`).join(' ')}`),
  );
}

describe('an older state is served', () => {
  it('from the change until that worker shows it, each worker for itself', () => {
    expect(told([write(200, 7), shown(230, 'w0', 7), shown(900, 'w1', 7)])).toEqual(['w0: 200-230', 'w1: 200-900']);
  });

  it('to the end where it never shows it', () => {
    const lines = [write(200, 7), shown(230, 'w0', 7), read(1_000, 'w0', 7, 7), read(1_000, 'w1', 7, 3)];
    expect(told(lines)).toEqual(['w0: 200-230', 'w1: 200-1000']);
  });

  it('until the newest change is shown; one that came late and was shown late is none', () => {
    const lines = [write(200, 7), write(300, 8), shown(320, 'w0', 7), shown(400, 'w0', 8)];
    expect(told(lines, 1)).toEqual(['w0: 200-400']);
  });

  it('again when a worker goes back', () => {
    const lines = [write(200, null), shown(220, 'w0', null), read(500, 'w0', null, 3, 'again'), read(900, 'w0', null, null)]; // prettier-ignore
    expect(told(lines, 1)).toEqual(['w0: 200-220 500-900']);
  });

  it('not where nothing can be said, or both may be right', () => {
    const lines = [write(200, 7), shown(220, 'w0', 7), write(300, 8, 'unknown'), read(900, 'w0', 7, 8), read(910, 'w0', 7, 'error')]; // prettier-ignore
    expect(told(lines, 1)).toEqual(['w0: 200-220']);
  });

  it('by a worker that took the place of another only from when it was there', () => {
    const lines = [write(200, 7), shown(210, 'w0', 7), shown(500, 'w9', 7), write(600, 8), shown(640, 'w9', 8), read(900, 'w9', 8, 8)]; // prettier-ignore
    expect(told(lines, 1)).toEqual(['w0: 200-210', 'w9: 600-640']);
  });
});

it('the map goes from the baseline to the last read', () => {
  const history = [baseline, write(200, 7), read(900, 'w0', 7, 7)].map(([atMs, o]): Observation => ({ atMs, ...o }));
  expect(watchedSpan(history)).toEqual({ from: 100, to: 900 });
});
