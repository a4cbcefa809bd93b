/** The Markdown summary: what a job page shows first, and that no text becomes markup. */
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../harness/model/verdict.ts';
import { markdown } from '../../../harness/reporters/markdown.ts';
import { decisionWord } from '../../../harness/reporters/words.ts';
import { cases, context, type Case } from './cases.ts';
import { defaced } from './hostile.ts';

function lines({ evidence, verdict }: Case): readonly string[] {
  return markdown.render(evidence, verdict, context).split('\n');
}

/** Columns of a table row: bars that no backslash stands before. A line that is no row has none. */
function bars(line: string): number {
  return (line.startsWith('|') ? line : '').match(/(?<!\\)\|/g)?.length ?? 0;
}

describe('a summary', () => {
  it.each(Object.entries(cases) as [Decision, Case][])('opens with the word %s', (decision, one) => {
    expect(lines(one)[0]).toMatch(new RegExp(`^# . ${decisionWord[decision]}$`));
  });

  it('has a row for every finding, and a sentence for each that is not safe', () => {
    const findings = cases.regression.verdict.scenarios.flatMap((scenario) => scenario.findings);
    const shown = lines(cases.regression);
    for (const { scenario, subject, decision } of findings) {
      const row = shown.find((line) => line.startsWith(`| ${scenario} | ${subject} |`));
      expect(row).toContain(decisionWord[decision]);
      expect(shown.some((line) => line.startsWith(`- **${subject}**`))).toBe(decision !== 'safe');
    }
  });

  it('names trials that do not count, and why', () => {
    expect(lines(cases.invalid)).toContain('| watch-silent-death | 1 | stable | etcd died its last words |');
    expect(lines(cases.safe)).not.toContain('## Invalid trials');
  });

  it('ends with the commands that run and decide again', () => {
    expect(lines(cases.safe).join('\n')).toContain(`\`${context.replay}\``);
    expect(lines(cases.safe).join('\n')).toContain(`\`gatecrash judge ${context.runFolder}\``);
  });
});

describe('hostile text', () => {
  const benign = lines(cases.invalid);
  const spoilt = lines(defaced(cases.invalid));

  it('adds neither lines nor columns', () => {
    expect(spoilt.map(bars)).toEqual(benign.map(bars));
  });

  it('becomes no tag, link, mention or heading outside of code', () => {
    const text = spoilt.map((line) => line.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '')).join('\n');
    expect(text).not.toMatch(/<|@|(?<!\\)[[\]_]|:\/\//);
    expect(spoilt.filter((line) => line.startsWith('#'))).toEqual(benign.filter((line) => line.startsWith('#')));
    // oxlint-disable-next-line no-control-regex -- this is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u001B\u202E\uD800-\uDFFF]/);
  });
});
