/** What somebody else's file may hold: it is refused with a code and words, or read in a time that grows with its size alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { label } from '../../../harness/changelog/labels/label.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { mostBytes, readChangelogFiles } from '../../../harness/store/changelog-files.ts';
import { written } from './fixture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-changelog-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

function refusal(act: () => unknown): readonly [code: string, message: string] {
  try {
    act();
  } catch (error) {
    if (error instanceof HarnessError) return [error.code, error.message];
    throw error;
  }
  return ['', 'nothing was refused'];
}

describe('a file', () => {
  it('that is too large, empty, binary, no UTF-8 or not there is refused, each with its reason, all at once', () => {
    const names = [
      file('large.md', 'x'.repeat(mostBytes + 1)),
      file('empty.md', ''),
      file('binary.md', new Uint8Array([35, 0, 1, 2])),
      file('latin.md', new Uint8Array([0xe9, 0x20, 0x0a])),
      path.join(folder, 'absent.md'),
    ];
    const [code, message] = refusal(() => readChangelogFiles(names));
    expect(code).toBe('CHANGELOG_UNREADABLE');
    const expected = [/large\.md has 2\.0 MiB; at most 2 MiB/, /empty\.md is empty/, /binary\.md is no text/, /latin\.md is no text in UTF-8/, /absent\.md/]; // prettier-ignore
    for (const part of expected) expect(message).toMatch(part);
  });

  it('of no known dialect is refused, and says which there are', () => {
    expect(refusal(() => written('once upon a time\n'))).toEqual([
      'CHANGELOG_DIALECT',
      expect.stringContaining('CHANGELOG.md'),
    ]);
    expect(refusal(() => written('## 1.0.0\n'))[0]).toBe('CHANGELOG_DIALECT');
  });

  it.each([
    ['CHANGELOG.md', '## 1.0.0\n- one\n<!-- hidden\n- two\n', ':3: a comment begins here and never ends'],
    ['CHANGELOG.md', '## 1.0.0\n- one\n```\n- two\n', ':3: a code block begins here and never ends'],
    ['CHANGELOG.md', '---\ntitle: x\n## 1.0.0\n- one\n:warning: \n- :warning: two\n', ':1: a front matter begins here'],
    ['changes.xml', '<change_log><changes ver="1.0"><change type="bugfix">', 'the file ends within <change>'],
    ['changes.xml', '<change_log><changes ver="1.0"><change type="bug', 'the file ends within a tag'],
    [
      'changes.xml',
      '<change_log><changes ver="1.0"></change></changes></change_log>',
      '</change> closes what is not open',
    ],
    ['1.0.0.yaml', 'bug_fixes:\n- area: x\n  change: "never closed\n', '1.0.0.yaml:'],
    [
      '1.0.0.yaml',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nbug_fixes: [*b,*b,*b,*b,*b,*b,*b,*b]\n`,
      'alias',
    ],
  ])('%s that is cut off or multiplies is refused with its place: %j', (name, text, words) => {
    const [code, message] = refusal(() => written(text, name));
    expect(code).toBe('CHANGELOG_UNREADABLE');
    expect(message).toContain(words);
  });

  it('that ends within a link is read, and says so', () => {
    expect(written('## 1.0.0\n- one [#1](https://github.com/ex').remarks).toEqual([expect.stringContaining('cut off')]);
    expect(written('## 1.0.0\n- one [#1](https://github.com/example/x/pull/1)').remarks).toEqual([]);
  });
});

describe('a bomb of 2 MiB', () => {
  const fill = (part: string, line = Number.POSITIVE_INFINITY): string => {
    const long = part.repeat(Math.floor(Math.min(line, mostBytes - 100) / part.length));
    const lines = Math.max(1, Math.floor((mostBytes - 100) / (long.length + 3)));
    return `## 1.0.0\n${`- ${long}\n`.repeat(lines)}`;
  };
  const nested = `## 1.0.0\n${Array.from({ length: 1_400 }, (_, i) => `${' '.repeat(i)}- x\n`).join('')}`;
  const spaces = `## 1.0.0\n- x${' '.repeat(mostBytes - 100)}y\n`;
  it.each([
    ['brackets', fill('[')],
    ['open links', fill('[a](')],
    ['parentheses', fill('(#1')],
    ['stars', fill('**')],
    ['bold tags', fill('**[a,', 900)],
    ['backticks', fill('``` ')],
    ['marks', fill(':a:')],
    ['numbers of pull requests', fill('#1 ', 900)],
    ['hashes', fill('#')],
    ['colons', fill(': ', 900)],
    ['words of removals', fill('remove a ', 900)],
    ['words of defaults', fill('set changed ', 900)],
    ['words of changes', fill('change a from add ', 900)],
    ['words of additions', fill('add new default is ', 900)],
    ['words of faults', fill('fix an issue. ', 900)],
    ['words of plugins', fill('a-b-', 900)],
    ['words of what was before', fill('existing it will previously now ', 900)],
    ['words that point elsewhere', fill('refer to a see ')],
    ['addresses', fill('https://a/ ')],
    ['updates', fill('update a to ', 900)],
    ['entities', fill('&#34;')],
    ['empty bullets', '## 1.0.0\n'.concat('-\n'.repeat(mostBytes / 2 - 10))],
    ['versions', '## 1.0.0\n- a\n'.repeat(mostBytes / 13 - 10)],
    ['nested bullets', nested],
    ['spaces', spaces],
  ])('of %s is read and labelled in seconds', { timeout: 120_000 }, (_, text) => {
    expect(text.length).toBeLessThanOrEqual(mostBytes);
    const started = process.threadCpuUsage();
    const { notes } = written(`${text}\n## 0.9.0\n- end\n`);
    for (const entry of notes.flatMap(({ entries }) => entries)) label(entry);
    expect(notes.some(({ version }) => version === '0.9.0')).toBe(true);
    // A quadratic pattern needs minutes for this size. CPU time: others share the host.
    const { user, system } = process.threadCpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(8_000);
  });
});
