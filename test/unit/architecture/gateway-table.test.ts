/** The table of `docs/GATEWAY.md` names tests that exist, and each in bold runs a real gateway process. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Named {
  /** Under `test/`, without `.test.ts`. */
  readonly name: string;
  readonly bold: boolean;
}

const [, table = ''] = /## APISIX's features and ours\n(.*?)\n## /s.exec(readFileSync('docs/GATEWAY.md', 'utf8')) ?? [];
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2);
const named = rows.flatMap((row) => testsOf(row.split('|').at(-2)?.trim() ?? ''));
const tests = globSync('test/{runtime,unit}/gateway/**/*.test.ts').map((file) =>
  file.slice('test/'.length, -'.test.ts'.length),
);

/** None for a feature that is deliberately absent. */
function testsOf(cell: string): readonly Named[] {
  if (cell === '–') return [];
  return cell.split(', ').map((entry) => ({ name: entry.replaceAll('**', ''), bold: /^\*\*.*\*\*$/.test(entry) }));
}

test('there is a table, and every row names a test or says that the feature is absent', () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) {
    const [, , here, cell] = row.split('|').map((part) => part.trim());
    if (cell === '–') expect(here).toContain('absent');
  }
});

test('every test that is named exists', () => {
  expect(named.map(({ name }) => name).filter((name) => !tests.includes(name))).toEqual([]);
});

test('bold are those, and only those, that start a gateway', () => {
  const starts = (name: string): boolean =>
    /support\/(gateway|proxy)\.ts'|gateway\/main\.ts/.test(readFileSync(`test/${name}.test.ts`, 'utf8'));
  for (const { name, bold } of named) expect(`${name} ${bold}`).toBe(`${name} ${starts(name)}`);
});

test('every test of the running gateway stands in the table', () => {
  // These are of the command line and of the known-bad builds, which are no features.
  const others = ['runtime/gateway/arguments'];
  const known = new Set([...named.map(({ name }) => name), ...others]);
  expect(tests.filter((name) => name.startsWith('runtime/') && !known.has(name))).toEqual([]);
});
