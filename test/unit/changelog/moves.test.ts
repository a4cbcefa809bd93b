import { describe, expect, it } from 'vitest';
import type { ChangelogReport, Move } from '../../../harness/model/changelog.ts';
import { held, run } from './runs.ts';

const flood =
  (shape: object) =>
  (name: string): object =>
    name === 'route-flood' ? shape : {};
const slow = run({ canary: flood({ p99Ms: 90, delayMs: 300 }) });
const fast = run({ stable: flood({ p99Ms: 90, delayMs: 300 }) });
const slower = run({ canary: flood({ p99Ms: 6 }) });

function moves({ run }: ChangelogReport): readonly Move[] {
  return run?.moves ?? [];
}

function of(report: ChangelogReport, subject: string): Move | undefined {
  return moves(report).find((move) => move.subject === subject);
}

describe('what moved', () => {
  it('is nothing between two runs of the same', () => {
    expect(moves(held(['perf(router): faster matching #1'], run({})))).toEqual([]);
  });

  it('and is announced by nobody is unexplained, with the entries that are nearest', () => {
    const report = held(['docs: words #1', 'feat(router): match by cookie #2', 'fix(dns): follow CNAMEs #3'], slow);
    expect(of(report, 'latency-p99')).toMatchObject({ scenario: 'route-flood', direction: 'worse', explainedBy: [], candidates: ['1.1.0#2'] }); // prettier-ignore
    expect(of(report, 'write-visible-delay')).toMatchObject({ direction: 'worse', explainedBy: [] });
    expect(moves(report).map(({ scenario }) => scenario)).not.toContain('none');
  });

  it('for the better is listed too', () => {
    expect(of(held(['docs: words #1'], fast), 'latency-p99')).toMatchObject({ direction: 'better', explainedBy: [] });
  });

  it('is told by the interval where the values have no logarithm', () => {
    const flat = (interval: { low: number; high: number }): ReturnType<typeof run> => ({
      ...slow,
      verdict: {
        ...slow.verdict,
        scenarios: slow.verdict.scenarios.map((one) => ({
          ...one,
          findings: one.findings.map((finding) => ({
            ...finding,
            decision: 'inconclusive' as const,
            confidence: 0.999,
            ...(finding.subject === 'latency-p99' && one.scenario === 'none'
              ? { estimate: 2, interval, values: [] }
              : {}),
          })),
        })),
      },
    });
    const places = (against: ReturnType<typeof run>): readonly string[] =>
      moves(held(['docs: words #1'], against)).map(({ scenario }) => scenario);
    expect(places(flat({ low: 1.5, high: 2.6 }))).toContain('none');
    expect(places(flat({ low: 0.9, high: 4.4 }))).not.toContain('none');
  });

  it('is not known where the run could not tell', () => {
    const { run: told } = held(['docs: words #1'], run({ canary: flood({ state: 'invalid', reason: 'too busy' }) }, 3));
    expect(told?.untold).toContain('latency-p99 in route-flood');
    expect(told?.untold).not.toContain('latency-p99 in none');
    expect(held(['docs: words #1'], run({})).run?.untold).toEqual([]);
  });

  it('by less than the margin is no move, however sure', () => {
    expect(of(held(['docs: words #1'], run({ canary: flood({ p99Ms: 5.3 }) })), 'latency-p99')).toBeUndefined();
  });
});

describe('an entry accounts for a move', () => {
  it.each([
    ['that is within its number', 'feat(router): exact matching, at up to 30 % higher latency #1', slower, true],
    ['but not for one beyond its number', 'feat(router): exact matching, at up to 30 % higher latency #1', slow, false],
    ['but not without a number, for a cost', 'feat(router): exact matching, slower #1', slow, false],
    ['but not for more than twice as good, without a number', 'perf(router): faster matching #1', fast, false],
    ['that is as good as its number', 'perf(router): 20x faster matching #1', fast, true],
    ['but not by claiming the contrary', 'perf(router): 20x faster matching #1', slow, false],
  ])('%s', (_, line, against, explained) => {
    expect(of(held([line], against), 'latency-p99')?.explainedBy).toEqual(explained ? ['1.1.0#1'] : []);
  });

  it('when it is a confirmed fix, whatever its fault cost', () => {
    const repaired = run({ stable: (name) => (name === 'watch-silent-death' ? { lost: 6 } : {}) });
    const lost = (line: string): Move | undefined => of(held([line], repaired), 'no-lost-update');
    expect(lost('fix(etcd): updates are lost #1')).toMatchObject({ direction: 'better', explainedBy: ['1.1.0#1'] });
    expect(lost('docs: words #1')).toMatchObject({ direction: 'better', explainedBy: [] });
  });
});
