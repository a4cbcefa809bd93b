/** An arm that stands alone against two that agree is the breach; what two disagree on says nothing of the third. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../../../harness/judge/oracles/index.ts';
import type { Outcome } from '../../../../harness/judge/oracles/oracle.ts';
import type { TrialEvidence } from '../../../../harness/model/evidence.ts';
import { requestPaths } from '../../../../scenarios/http/request-paths.ts';
import { trial } from '../../../support/evidence.ts';

type Answers = Readonly<Record<string, string>>;

const answered = (answers: Answers): TrialEvidence =>
  trial(requestPaths, 1, 'canary', {}, (history) => [
    ...history,
    ...Object.entries(answers).map(
      ([request, answer], index) =>
        ({ kind: 'conformance', stage: 'before', request, answer, atMs: 10_000 + index }) as const,
    ),
  ]);

const decide = (own: Answers, ...peers: readonly Answers[]): Outcome =>
  ask('conformance', answered(own), requestPaths, peers.map(answered));

describe('conformance', () => {
  it('holds when all arms answer alike', () =>
    expect(decide({ a: 'x' }, { a: 'x' }, { a: 'x' })).toEqual({ state: 'held' }));

  it('is broken by an answer that both others give otherwise, counted and quoted', () => {
    const outcome = decide({ a: '200\nGET /b', b: 'y' }, { a: '200\nGET /a', b: 'y' }, { a: '200\nGET /a', b: 'y' });
    expect(outcome).toMatchObject({ state: 'breached', count: 1 });
    expect(outcome.state === 'breached' ? outcome.pointers[0]?.text : '').toBe(
      'a (before the fault): answered "GET /b", the others "GET /a"',
    );
  });

  it('tells the body rather than its length', () => {
    const outcome = decide(
      { a: '200\nContent-Length: 1\n\nx' },
      { a: '200\nContent-Length: 2\n\nyz' },
      { a: '200\nContent-Length: 2\n\nyz' },
    );
    expect(outcome.state === 'breached' ? outcome.pointers[0]?.text : '').toContain('answered "x", the others "yz"');
  });

  it('is not broken where the two others do not agree', () => {
    expect(decide({ a: 'x' }, { a: 'y' }, { a: 'z' })).toEqual({ state: 'held' });
    expect(decide({ a: 'x' }, { a: 'x' }, { a: 'z' })).toEqual({ state: 'held' });
  });

  it('tells an answer that ends earlier', () => {
    const outcome = decide({ a: '200' }, { a: '200\nmore' }, { a: '200\nmore' });
    expect(outcome.state === 'breached' ? outcome.pointers[0]?.text : '').toContain(
      'answered nothing, the others "more"',
    );
  });

  it.each([
    ['nobody is there to compare with', decide({ a: 'x' })],
    ['only one is', decide({ a: 'x' }, { a: 'x' })],
    ['nothing was asked', decide({}, {}, {})],
    ['a request was not asked', decide({ a: 'x' }, { a: 'x', b: 'y' }, { a: 'x', b: 'y' })],
  ])('cannot tell when %s', (_, outcome) => expect(outcome).toMatchObject({ state: 'cannot-tell' }));
});
