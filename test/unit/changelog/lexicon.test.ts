import { describe, expect, it } from 'vitest';
import { Lexicon } from '../../../harness/changelog/labels/lexicon.ts';

const lexicon = new Lexicon([
  { value: 'fruit', weight: 3, words: ['apple*'] },
  { value: 'fruit', weight: 1, words: ['peel'] },
  { value: 'tool', weight: 2, words: ['*-knife'] },
  { value: 'tool', weight: 4, words: ['paring', 'knife*'] },
  { value: 'tool', weight: 1, words: ['knife'] },
]);

function scores(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(lexicon.read(text).map(({ value, score }) => [value, score]));
}

describe('a lexicon', () => {
  it('knows a word by its beginning, its end, and whatever signs are around it', () => {
    expect(scores('`Apples`, please')).toEqual({ fruit: 3 });
    expect(scores('(pocket-knife)')).toHaveProperty('tool');
    expect(scores('pineapple')).toEqual({});
  });

  it('knows words that follow each other, and says them as they were found', () => {
    expect(lexicon.read('paring knives')).toEqual([]);
    expect(lexicon.read('two paring knifes').map(({ words }) => words)).toEqual([['paring knifes']]);
    expect(scores('paring with a knife')).toEqual({ tool: 1 - 3 * 0.04 });
  });

  it('counts a part of a name less than a word', () => {
    const { fruit = 0 } = scores('maxApplePeels');
    expect(fruit).toBeGreaterThan(0);
    expect(fruit).toBeLessThan(3);
  });

  it('counts what comes first more, and never lets many weak words make up for all strong ones', () => {
    expect(scores('apple or knife')['fruit']).toBeGreaterThan(scores('knife or apple')['fruit'] ?? 0);
    expect(scores('apple apple apple')).toEqual({ fruit: 3 });
    expect(scores('apple apples appletree applesauce peel')['fruit']).toBeLessThanOrEqual(4.5);
  });

  it('stays right for a text of very many words, and of very long ones', () => {
    const noise = Array.from({ length: 30_000 }, (_, i) => `w${i}`).join(' ');
    expect(scores(`apple ${noise}`)).toEqual({ fruit: 3 });
    expect(scores(`apple ${'x'.repeat(100_000)}`)).toEqual({ fruit: 3 });
  });
});
