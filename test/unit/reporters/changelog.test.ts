/** Release notes in every format: what they say, and that nothing of them becomes more than text. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { changelogMarkdown } from '../../../harness/reporters/changelog/markdown.ts';
import { renderChangelog } from '../../../harness/reporters/changelog/terminal.ts';
import { html } from '../../../harness/reporters/html.ts';
import { held, run } from '../changelog/runs.ts';
import { cases, context } from './cases.ts';

const slow = run({ canary: (name) => (name === 'route-flood' ? { p99Ms: 90 } : {}) });
const report = held(
  [
    'perf(router): faster matching #1',
    'fix(etcd): updates are lost #2',
    'docs: words #3',
    'feat(limit-count): more #4',
  ],
  slow,
);
const nasty =
  '</td><script>alert(1)</script><img src=x onerror=alert(1)> | `x` @all \u001B[31mred\u202E https://x.test';
const hostile = held([`perf(router): faster ${nasty} #1`, `fix(${nasty.slice(0, 9)}): ${nasty} #2`], slow);

function page(changelog: typeof report): string {
  return html.render(cases.safe.evidence, cases.safe.verdict, { ...context, changelog });
}

describe('the terminal', () => {
  it('counts first, then shows what is decided with its reason, and what moved', () => {
    const text = renderChangelog(report, { explain: false });
    expect(text).toContain('4 entries: 1 contradicted, 2 not exercised, 1 not measurable; 1 move unexplained');
    expect(text).toMatch(/✗ CONTRADICTED +1\.1\.0 perf, router\n {4}faster matching \(#1\)\n {4}→ measured \+/);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('worse in route-flood: latency-p99 is');
    expect(text).not.toContain('prefix:');
  });

  it('explains every label when asked to', () => {
    const text = renderChangelog(report, { explain: true });
    expect(text).toContain('· type perf: it says so (prefix: "perf")');
    expect(text).toContain('· area router: scope: "router"');
  });

  it('cannot be steered', () => {
    const text = renderChangelog(hostile, { explain: true });
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(text).not.toContain('\u202E');
  });
});

describe('the comment', () => {
  it('has a table of what is decided, what is unexplained, and the rest', () => {
    const text = changelogMarkdown(report);
    expect(text).toContain('| ✗ CONTRADICTED | perf | router | faster matching (&#35;1) |');
    expect(text).toContain('### Unexplained');
    expect(text).toMatch(/### The rest\n\n- NOT EXERCISED/);
  });

  it('lets no line of release notes become markup', () => {
    const text = changelogMarkdown(hostile);
    expect(text).not.toMatch(/<script|<img|(?<!&#64;)@all|https:\/\/x/);
    for (const row of text.split('\n').filter((line) => line.startsWith('| ✗')))
      expect(row.replaceAll('\\|', '').split('|')).toHaveLength(7);
  });
});

describe('the section of the report', () => {
  it('shows every entry with its verdict and its labels, and a box to hide each verdict and type', () => {
    const text = page(report);
    expect(text).toContain('<section id="changelog"');
    for (const word of ['contradicted', 'not-exercised', 'perf', 'docs']) {
      expect(text).toContain(`id="show-${word}" checked`);
      expect(text).toContain(`#changelog:has(#show-${word}:not(:checked)) .is-${word}`);
    }
    expect(text).toContain('UNEXPLAINED');
    expect(text).toContain('No entry moves the verdict of this run');
  });

  it('lets no line become markup, asks the network for nothing and runs nothing', () => {
    const text = page(hostile);
    expect(text).not.toMatch(/<script|<link|<iframe|<img|<object|url\((?!#)|@import|<[^>]*\s(?:src|style|on\w+)=/i);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('\u202E');
  });

  it('is not there without release notes', () => {
    expect(html.render(cases.safe.evidence, cases.safe.verdict, context)).not.toContain('<section id="changelog"');
  });

  it('stays small for a release of a thousand lines', () => {
    const lines = Array.from(
      { length: 1_500 },
      (_, i) => `fix(etcd): a fault of many words ${'and more '.repeat(30)} #${i + 10}`,
    );
    const text = page(held(lines, slow));
    expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
    expect(text).toContain('and 1100 more, see <code>changelog.json</code>');
  });
});
