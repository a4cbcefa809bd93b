/** The end of a run in a terminal. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../harness/model/verdict.ts';
import { renderVerdict } from '../../../harness/reporters/terminal.ts';
import { decisionWord } from '../../../harness/reporters/words.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence } from '../../support/evidence.ts';
import { cases, judged, type Case } from './cases.ts';
import { defaced } from './hostile.ts';

const all = Object.entries(cases) as [Decision, Case][];

describe('a verdict', () => {
  it.each(all)('of %s stands in the first line, then the reason, then every scenario', (decision, { verdict }) => {
    const text = renderVerdict(verdict, { colour: false });
    const [, word, reason = ''] = text.split('\n');
    expect(word).toContain(decisionWord[decision]);
    expect(verdict.because.startsWith(reason)).toBe(true);
    for (const { scenario, blocks } of verdict.scenarios)
      expect(text).toMatch(new RegExp(`^${scenario}  .+\\(${blocks.used} blocks?`, 'm'));
  });

  it.each(all)('of %s fits 80 columns', (_, { verdict }) => {
    const widths = renderVerdict(verdict, { colour: false })
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });

  it.each(all)('of %s says the same without colour, and nothing to a terminal then', (_, { verdict }) => {
    const text = renderVerdict(verdict, { colour: false });
    expect(stripVTControlCharacters(text)).toBe(text);
    const coloured = renderVerdict(verdict, { colour: true });
    expect(coloured).not.toBe(text);
    expect(stripVTControlCharacters(coloured)).toBe(text);
  });

  it('shows the numbers that decided', () => {
    const text = renderVerdict(cases.regression.verdict, { colour: false });
    expect(text).toContain('broke in blocks: stable 0, twin 0, canary 3');
    expect(text).toMatch(/latency-p99 .*\n? *\+700 % \(\+\d+ % to \+\d+ %\), allowed \+300 %/);
  });

  it('says a sentence that findings share once in each scenario', () => {
    const spoilt = evidence([watchSilentDeath, routeFlood], 3, () => ({ state: 'invalid', reason: 'etcd died' }));
    const { verdict } = judged(spoilt);
    const text = renderVerdict(verdict, { colour: false }).replaceAll(/\s+/g, ' ');
    for (const { findings } of verdict.scenarios) {
      expect(findings.length).toBeGreaterThan(1);
      expect(text.split(findings[0]?.because ?? 'nothing')).toHaveLength(2);
    }
  });

  it('cannot be made to steer the terminal by names', () => {
    const text = renderVerdict(defaced(cases.regression).verdict, { colour: false });
    // oxlint-disable-next-line no-control-regex -- this is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\uD800-\uDFFF]/);
  });
});
