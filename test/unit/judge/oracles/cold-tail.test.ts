/** A trial with a cold tail is judged twice: what was lost warm stays lost, though a start from nothing brings it back. */
import { expect, test } from 'vitest';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { History, Observation } from '../../../../harness/model/history.ts';
import { unproven } from '../../../../harness/model/proofs.ts';
import type { Invariant } from '../../../../scenarios/scenario.ts';
import { watchSilentDeath } from '../../../../scenarios/watch/watch-silent-death.ts';
import { type Shape, trial } from '../../../support/evidence.ts';

type Read = Extract<Observation, { readonly kind: 'read' }>;

/** All is written again, in one transaction; the workers converge twice, and are read. */
function tail(history: History, change: (read: Read) => Read, convergences = 2): History {
  const finals = history.filter((o): o is Read => o.kind === 'read' && o.purpose === 'final');
  const routes = [...new Map(finals.map(({ route, expected }) => [route, expected] as const))];
  const again = routes.flatMap(([route, seq]): Observation[] => [
    { kind: 'write', route, seq, edge: 'invoke', again: true, atMs: 10_100 },
    { kind: 'write', route, seq, edge: 'ok', revision: '2000', again: true, atMs: 10_110 },
  ]);
  const converged = Array.from({ length: convergences }, (_, i): Observation => {
    return { kind: 'converged', afterHealMs: 100, reads: 60, atMs: 11_000 + i };
  });
  const cold = finals.map((read) => change({ ...read, got: read.expected, atMs: read.atMs + 3_000 }));
  return [...history, { kind: 'phase', phase: 'tail', atMs: 10_000 }, ...again, ...converged, ...cold];
}

function decide(
  oracle: Invariant,
  shape: Partial<Shape>,
  change: (read: Read) => Read = (read) => read,
  convergences?: number,
): ReturnType<typeof ask> {
  const edit = (history: History): History => tail(history, change, convergences);
  return ask(oracle, trial(watchSilentDeath, 1, 'canary', shape, edit), watchSilentDeath);
}

const oneWrong = (read: Read): Read => (read.worker === 'w1' && read.route === 'r9' ? { ...read, got: null } : read);

test('both parts right: it holds', () => {
  for (const oracle of ['no-lost-update', 'converge', 'no-phantom'] as const)
    expect(decide(oracle, {})).toEqual({ state: 'held' });
});

test('what a warm worker had lost is not made good by the cold one of the same name', () => {
  expect(decide('no-lost-update', { lost: 3 })).toMatchObject({ state: 'breached', count: 3 });
  expect(decide('converge', { convergedMs: undefined, lost: 3 })).toMatchObject({ state: 'breached', count: 3 });
});

test('what only the cold one lacks is told', () => {
  expect(decide('converge', {}, oneWrong)).toMatchObject({ state: 'breached', count: 1 });
});

test('a convergence that was not seen is none', () => {
  expect(decide('converge', {}, undefined, 1)).toMatchObject({ state: 'cannot-tell' });
});

test('a cold worker that nobody read makes it unknown', () => {
  const deaf = (read: Read): Read => (read.worker === 'w1' ? { ...read, got: 'error' } : read);
  expect(decide('no-lost-update', {}, deaf)).toMatchObject({ state: 'cannot-tell' });
});

test('proofs of the tail are no proofs of the timeline', () => {
  const { history } = trial(watchSilentDeath, 1, 'canary');
  const inTail = history.map((o): Observation => (o.kind === 'fault' ? { ...o, step: 1 } : o));
  expect([unproven(watchSilentDeath, history), unproven(watchSilentDeath, inTail)]).toEqual([
    undefined,
    '1 of 1 faults have no proof of effect',
  ]);
});
