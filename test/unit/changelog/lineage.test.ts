import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, newBetween } from '../../../harness/changelog/lineage.ts';
import { newsSince, seenOf } from '../../../harness/changelog/news.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { fixture, written } from './fixture.ts';

function ids(file: string, from: string, to: string): readonly string[] {
  return newBetween(fixture(file).notes, from, to).entries.map(({ id }) => id);
}

describe('what is new between two versions', () => {
  it('leaves out what was ported back to the older one, whatever its line says', () => {
    expect(ids('apisix.md', '2.0.1', '2.1.0')).toEqual([
      '2.1.0#31',
      '2.1.0#32',
      '2.1.0#33+34',
      '2.1.0#38',
      '2.1.0:L42',
    ]);
    expect(ids('apisix.md', '2.0.0', '2.1.0')).toContain('2.1.0#25');
  });

  it('names the further versions that list a change, and lists it once', () => {
    const { entries } = newBetween(fixture('apisix.md').notes, '2.0.0', '2.1.0');
    expect(entries.filter(({ prs }) => prs.includes(25)).map(({ id, alsoIn }) => [id, alsoIn])).toEqual([
      ['2.1.0#25', ['2.0.1']],
    ]);
  });

  it('keeps release lines that are mixed by date apart', () => {
    // v2.9.9 came after v3.1.0 began: it is no part of 3.1.1, while v2.9.8 before it is.
    expect(ids('traefik.md', '3.0.0', '3.1.1')).toEqual([
      '3.1.1#41',
      '3.1.1#42',
      '3.1.1#43',
      '3.1.0-rc1#30',
      '2.9.8#20',
    ]);
    expect(ids('traefik.md', '2.9.9', '3.1.1')).toEqual(['3.1.1#42', '3.1.1#43', '3.1.0-rc1#30', '3.0.0#12']);
  });

  it('says "changelog missing", never "no changes", of what is not listed', () => {
    expect(newBetween(fixture('apisix.md').notes, '2.0.1', '2.1.0').missing).toEqual([
      { version: '2.0.2', why: expect.stringContaining('changelog missing: its section only points elsewhere') },
    ]);
    const gap = written('## 1.0.3\n- c #3\n## 1.0.1\n- a #1\n## 1.0.0\n- z #0\n').notes;
    expect(newBetween(gap, '1.0.0', '1.0.3').missing.map(({ version }) => version)).toEqual(['1.0.2']);
  });

  it.each([
    ['1.9.9', '2.1.0', 'unknown version "1.9.9"'],
    ['2.0.9', '2.1.9', 'unknown version "2.1.9"'],
    ['2.1.0', '2.0.0', '--from 2.1.0 is newer than --to 2.0.0'],
  ])('from %s to %s is refused', (from, to, words) => {
    expect(() => ids('apisix.md', from, to)).toThrowError(words);
    expect(() => ids('apisix.md', from, to)).toThrowError(HarnessError);
  });

  it('keeps two statements of one pull request, and one that is printed twice is one', () => {
    const { notes } = written('## 1.1.0\n- one #5\n- two #5\n- one #5\n## 1.0.0\n- z #1\n');
    expect(newBetween(notes, '1.0.0', '1.1.0').entries.map(({ text }) => text)).toEqual(['one', 'two']);
  });
});

/** Versions of one line, newest first, each with some of a few changes. */
const history = fc
  .array(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 8 })
  .map((versions) => {
    const sections = versions.map((prs, i) => `## 1.${i}.0\n\n${prs.map((pr) => `- change ${pr} [#${pr}](https://x.test/pull/${pr})\n`).join('')}`); // prettier-ignore
    return { last: versions.length - 1, text: sections.toReversed().join('\n'), versions };
  });

describe('laws', () => {
  it('a version brings nothing new over itself, and a range is what its parts bring together', () => {
    fc.assert(
      fc.property(history, fc.nat(), ({ text, last }, at) => {
        const { notes } = written(text);
        const middle = at % (last + 1);
        const between = (from: number, to: number): readonly string[] =>
          newBetween(notes, `1.${from}.0`, `1.${to}.0`).entries.map(changeOf).toSorted();
        expect(between(middle, middle)).toEqual([]);
        expect([...between(0, middle), ...between(middle, last)].toSorted()).toEqual(between(0, last));
      }),
    );
  });

  it('every pull request that is written is read, and none besides', () => {
    fc.assert(
      fc.property(history, ({ text, versions }) => {
        const read = written(text).notes.map(({ entries }) => entries.flatMap(({ prs }) => prs));
        expect(read).toEqual(versions.toReversed());
      }),
    );
  });

  it('nothing is new in what was just seen, and what is added on top is all that is new', () => {
    fc.assert(
      fc.property(history, ({ text }) => {
        const before = written(text).notes;
        const seen = seenOf(before);
        expect(newsSince(seen, before)).toEqual({ versions: [], entries: [], ported: 0 });
        const after = written(`## 9.0.0\n- ported #3\n- fresh #99\n- fresh too #99\n${text}`).notes;
        const news = newsSince(seen, after);
        const known = seen.changes.includes('#3');
        expect(news.entries.map(({ text }) => text)).toEqual([...(known ? [] : ['ported']), 'fresh', 'fresh too']);
        expect([news.versions, news.ported]).toEqual([['9.0.0'], known ? 1 : 0]);
      }),
    );
  });
});
