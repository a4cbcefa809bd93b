/** The rule over the blocks: who broke the invariant, how often, and what chance says to that. */
import { describe, expect, it } from 'vitest';
import { decisiveBlocks, rule } from '../../../harness/judge/invariant-rule.ts';

const none: readonly number[] = [];

describe('the rule for an invariant', () => {
  it('needs three blocks, the smallest number with 3⁻ᵛ ≤ 0.05', () => expect(decisiveBlocks).toBe(3));

  it.each([
    ['nobody breached', { canary: none, stable: none, twin: none }, 3, 3, 'safe', null],
    ['nobody breached, yet too few blocks', { canary: none, stable: none, twin: none }, 2, 2, 'inconclusive', 1],
    ['nobody breached, records cannot tell', { canary: none, stable: none, twin: none }, 2, 3, 'invalid', 1],
    ['canary once', { canary: [2], stable: none, twin: none }, 3, 3, 'inconclusive', 2],
    ['canary once in the first block', { canary: [1], stable: none, twin: none }, 1, 1, 'inconclusive', 2],
    ['canary twice', { canary: [1, 2], stable: none, twin: none }, 3, 3, 'inconclusive', 1],
    ['canary three times', { canary: [1, 2, 3], stable: none, twin: none }, 3, 3, 'regression', null],
    ['canary three times in many', { canary: [1, 4, 9], stable: none, twin: none }, 9, 9, 'regression', null],
    ['canary and stable', { canary: [1, 2, 3], stable: [2], twin: none }, 3, 3, 'known-weakness', null],
    ['canary and twin', { canary: [1], stable: none, twin: [3] }, 3, 3, 'known-weakness', null],
    ['stable once', { canary: none, stable: [1], twin: none }, 3, 3, 'known-weakness', null],
    ['both stables always', { canary: none, stable: [1, 2, 3], twin: [1, 2, 3] }, 3, 3, 'safe', null],
  ] as const)('%s', (_, breaches, told, run, decision, blocksNeeded) => {
    expect(rule(breaches, told, run, 3)).toMatchObject({ decision, blocksNeeded });
  });

  it('wants no fewer blocks than the first look needs', () => {
    expect(rule({ canary: [1], stable: none, twin: none }, 1, 1, 5).blocksNeeded).toBe(4);
  });

  it('gives the probability of the pattern by chance', () => {
    expect(rule({ canary: [1, 2, 3], stable: [], twin: [] }, 3, 3, 3).p).toBeCloseTo(1 / 27, 12);
    expect(rule({ canary: [], stable: [1, 2], twin: [2] }, 3, 3, 3).p).toBeCloseTo((2 / 3) * (1 / 3), 12);
  });
});
