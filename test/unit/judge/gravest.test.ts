/** Merging by gravity: a regression is never masked, and nothing is safe unless everything is. */
import { describe, expect, it } from 'vitest';
import { gravest } from '../../../harness/judge/gravest.ts';
import { undecided } from '../../support/undecided.ts';
import type { Verdict } from '../../../harness/model/verdict.ts';

describe('gravest', () => {
  it.each([
    [['safe', 'invalid', 'regression'], 'regression'],
    [['known-weakness', 'regression', 'inconclusive'], 'regression'],
    [['known-weakness', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'invalid', 'safe'], 'invalid'],
    [['safe', 'known-weakness'], 'known-weakness'],
    [['safe', 'known-weakness', 'skipped'], 'skipped'],
    [['skipped', 'inconclusive'], 'inconclusive'],
    [['safe', 'safe'], 'safe'],
    [[], 'inconclusive'],
  ] as const)('of %j is %s', (decisions, expected) => expect(gravest(decisions)).toBe(expected));
});

describe('undecided', () => {
  it('names the scenarios that want more blocks, in order, and no others', () => {
    const scenario = { claim: '', blocks: { used: 3, invalid: 0 }, findings: [] } as const;
    const verdict: Verdict = {
      schema: 1,
      decision: 'invalid',
      because: '',
      stable: '',
      canary: '',
      planHash: '',
      constants: {},
      scenarios: [
        { ...scenario, scenario: 'a', decision: 'inconclusive', blocksNeeded: 2 },
        { ...scenario, scenario: 'b', decision: 'safe', blocksNeeded: null },
        { ...scenario, scenario: 'c', decision: 'invalid', blocksNeeded: 1 },
        { ...scenario, scenario: 'd', decision: 'inconclusive', blocksNeeded: null },
      ],
    };
    expect(undecided(verdict)).toEqual([
      { scenario: 'a', blocksNeeded: 2 },
      { scenario: 'c', blocksNeeded: 1 },
    ]);
  });
});
