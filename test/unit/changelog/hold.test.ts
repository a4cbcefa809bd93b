import { describe, expect, it } from 'vitest';
import type { HeldEntry } from '../../../harness/model/changelog.ts';
import { churnSoak } from '../../../scenarios/steady/churn-soak.ts';
import type { Shape } from '../../support/evidence.ts';
import { held, run, words } from './runs.ts';

const only =
  (scenario: string, shape: Partial<Shape>) =>
  (name: string): Partial<Shape> =>
    name === scenario ? shape : {};
const lossy = { lost: 6, convergedMs: undefined };

const clean = run({});
const slowCanary = run({ canary: only('route-flood', { p99Ms: 90, delayMs: 300 }) });
const fastCanary = run({ stable: only('route-flood', { p99Ms: 90, delayMs: 300 }) });
const repaired = run({ stable: only('watch-silent-death', lossy) });
const broken = run({ canary: only('watch-silent-death', lossy) });
const weak = run({ stable: only('watch-silent-death', lossy), canary: only('watch-silent-death', lossy) });

const faster = 'perf(router): faster matching #1';
const fix = 'fix(etcd): updates are lost after a silent watch #2';

describe('a claimed gain', () => {
  it('that is a loss is contradicted, with the numbers', () => {
    const report = held([faster], slowCanary);
    const [entry] = report.entries as readonly HeldEntry[];
    expect(entry).toMatchObject({ verdict: 'contradicted', scenario: 'route-flood' });
    expect(entry?.because).toMatch(/measured \+1?\d+\d\d % \(\+\d+ % to \+\d+ %\).*route-flood/);
  });

  it('that is there is confirmed; a number that it does not reach is named', () => {
    expect(words(held([faster], fastCanary))).toEqual(['confirmed']);
    const [entry] = held(['perf(router): 99.9 % faster matching #1'], fastCanary).entries as readonly HeldEntry[];
    expect(entry?.because).toContain('less than the −100 % that it announces');
  });

  it('of nothing is no effect where the interval lies within the margin', () => {
    expect(words(held([faster], clean))).toEqual(['no-effect']);
  });

  it('that the run is too small to see has no power, and says what could have been seen', () => {
    const noisy = run({ canary: () => ({}), stable: () => ({}) }, 3);
    const spread = {
      ...noisy,
      verdict: {
        ...noisy.verdict,
        scenarios: noisy.verdict.scenarios.map((one) => ({
          ...one,
          findings: one.findings.map((finding) =>
            finding.estimate === undefined
              ? finding
              : { ...finding, estimate: 1.05, interval: { low: 0.7, high: 1.575 } },
          ),
        })),
      },
    };
    const [entry] = held([faster], spread).entries as readonly HeldEntry[];
    expect(entry).toMatchObject({ verdict: 'no-power', smallestVisible: 0.39 });
    expect(entry?.because).toContain('a gain of less than 39 % cannot be seen in this run');
  });
});

describe('a fix', () => {
  it.each([
    [
      'confirmed',
      'stable shows the fault and the canary does not',
      repaired,
      /stable shows the fault in 5 blocks, the canary in none/,
    ],
    ['contradicted', 'both show it', weak, /the canary still shows the fault: in 5 blocks, stable in 5 blocks/],
    [
      'contradicted',
      'the canary alone shows it',
      broken,
      /the canary still shows the fault: in 5 blocks, stable in 0 blocks/,
    ],
    ['not-exercised', 'nobody shows it', clean, /did not show on stable either/],
  ] as const)('is %s when %s', (verdict, _, against, because) => {
    const [entry] = held([fix], against).entries as readonly HeldEntry[];
    expect(entry?.verdict).toBe(verdict);
    expect(entry?.because).toMatch(because);
  });

  it('has no power while the breaches of stable are too few to tell it from chance', () => {
    const once = run({ stable: (name) => (name === 'watch-silent-death' ? lossy : {}) }, 1);
    expect(words(held([fix], once))).toEqual(['no-power']);
  });

  it('that names its fault is held to that one, whatever else the canary does', () => {
    const other = { wrong: 3 };
    const against = run({ stable: only('watch-silent-death', lossy), canary: only('watch-silent-death', other) });
    expect(words(held([fix, 'fix(etcd): resume the watch #3'], against))).toEqual(['confirmed', 'contradicted']);
  });

  it('shares its confirmation with every other that claims the same', () => {
    const [one, other] = held([fix, 'fix(etcd): resume the watch #3'], repaired).entries as readonly HeldEntry[];
    expect([one?.verdict, other?.verdict]).toEqual(['confirmed', 'confirmed']);
    expect(one?.because).toContain('2 entries claim this, and the run cannot tell which did it');
  });
});

describe('a claim of memory, processor time or bytes', () => {
  it.each([
    ['fix(etcd): memory leak of a timer #1', 'churn-soak'],
    ['perf: less CPU for each request #2', 'churn-soak'],
    ['perf(etcd): a full read less after a reset #3', 'blast-radius'],
    ['perf(router): changes of large tables #4', 'table-growth'],
  ])('has a scenario that would show it: %s', (line, scenario) => {
    const { verdict } = clean;
    const [entry] = held([line], { scenarios: [], verdict: { ...verdict, scenarios: [] } }).entries as readonly HeldEntry[]; // prettier-ignore
    expect(entry).toMatchObject({ verdict: 'not-exercised', because: expect.stringContaining(scenario) });
  });

  it('is held to the metric of its own', () => {
    const soak = run(
      { stable: only('churn-soak', { cpuMicros: 900 }), canary: only('churn-soak', { cpuMicros: 300 }) },
      5,
      [churnSoak],
    );
    expect(words(held(['perf: less CPU for each request #2'], soak))).toEqual(['confirmed']);
  });
});

describe('what no run can say anything of', () => {
  it.each([
    ['docs: explain the watch #4', 'not-measurable'],
    ['Bump example.com/etcd/client to v3.7.0 #5', 'not-measurable'],
    ['fix(limit-count): count every request #6', 'not-exercised'],
    ['feat(router): match by cookie #7', 'not-exercised'],
    ['fix(dns): follow CNAMEs #8', 'not-measurable'],
    ['security: harden the parser #9', 'not-measurable'],
  ])('%s', (line, verdict) => {
    expect(words(held([line], repaired))).toEqual([verdict]);
  });

  it('is not exercised when the scenario was not run', () => {
    const { scenarios, verdict } = clean;
    const fewer = scenarios.filter(({ name }) => name !== 'route-flood');
    const without = { scenarios: fewer, verdict: { ...verdict, scenarios: verdict.scenarios.filter(({ scenario }) => scenario !== 'route-flood') } }; // prettier-ignore
    const [entry] = held([faster], without).entries as readonly HeldEntry[];
    expect(entry).toMatchObject({ verdict: 'not-exercised', because: expect.stringContaining('route-flood') });
  });
});

describe('a promise that nothing changes', () => {
  const promise = 'refactor(router): no functional change #1';
  it('is held to it', () => {
    expect(words(held([promise], clean))).toEqual(['no-effect']);
    expect(words(held([promise], slowCanary))).toEqual(['contradicted']);
  });
});

it('no line moves the verdict of a run', () => {
  for (const against of [clean, slowCanary, repaired, broken, weak]) {
    const before = JSON.stringify(against.verdict);
    const report = held([fix, faster, ':warning: change: routes may be lost #9'], against);
    expect(JSON.stringify(against.verdict)).toBe(before);
    expect(report.run?.decision).toBe(against.verdict.decision);
  }
});
