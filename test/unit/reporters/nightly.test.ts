/** What a nightly tells: to a pager, to a spreadsheet, to a scheduler, to GitHub. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { NightOutcome } from '../../../harness/model/night.ts';
import { csv } from '../../../harness/reporters/csv.ts';
import { annotations } from '../../../harness/reporters/github.ts';
import { nightSummary } from '../../../harness/reporters/night-summary.ts';
import { scheduleFiles, schedulers } from '../../../harness/reporters/schedule.ts';
import { cases } from './cases.ts';

const outcome: NightOutcome = {
  night: 'n',
  startedAt: '2026-01-08T02:00:00.000Z',
  tookMs: 4_320_000,
  troubles: [],
  pairs: [
    { pair: 'next', stable: 'a@1', canary: 'a@2', decision: 'regression', because: 'it loses routes', folder: '/r/1' },
    { pair: 'proxy', stable: 'a@1', canary: 'a@1+p', decision: 'safe', because: 'nothing', folder: '/r/2' },
    { pair: 'later', stable: 'a@1', canary: 'a@3', decision: undefined, because: 'not tried', folder: undefined },
  ],
  alarms: [
    {
      pair: 'proxy',
      scenario: 's',
      metric: 'm',
      id: 3,
      drift: 'version',
      state: 'confirmed',
      fresh: true,
      words: 'm of s (proxy): the canary drifted by +20 % since 2026-01-05',
    },
    { pair: 'p', scenario: 's', metric: 'm', id: 2, drift: 'version', state: 'went-away', fresh: true, words: 'gone' },
  ],
};

describe('the summary', () => {
  it('is one line, the gravest first, with everything that was bad, not done or drifts', () => {
    const text = nightSummary(outcome);
    expect(text).not.toContain('\n');
    expect(text).toMatch(
      /^gatecrash nightly 2026-01-08: REGRESSION, 1 trend alarm\. next \(a@1 against a@2\): REGRESSION/,
    );
    for (const part of ['it loses routes', 'drifted by +20 %', 'later: not tried', '1 pair SAFE', '/r/1/report.html'])
      expect(text).toContain(part);
    expect(text).not.toContain('gone');
  });

  it('of a night in which all was well says so, and where to look', () => {
    const [, good] = outcome.pairs;
    const text = nightSummary({ ...outcome, alarms: [], pairs: good === undefined ? [] : [good] });
    expect(text).toBe('gatecrash nightly 2026-01-08: SAFE. 1 pair SAFE. Took 72 min 00 s. Reports: /r/2/report.html');
  });

  it('cannot steer a terminal', () => {
    const [bad] = outcome.pairs;
    const pairs = bad === undefined ? [] : [{ ...bad, because: '\u001B[2J\u202Etxt\nsecond' }];
    // oxlint-disable-next-line no-control-regex -- this is what must not be there
    expect(nightSummary({ ...outcome, pairs })).not.toMatch(/[\u0000-\u001F\u202E]/);
  });
});

describe('CSV', () => {
  it('quotes what has to be, and keeps a formula from running', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['x,y', 'say "hi"'],
          ['=1+1', null],
          [1.5, 'two\nlines'],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""hi"""\r\n\'=1+1,\r\n1.5,"two\nlines"\r\n');
  });
});

describe('annotations', () => {
  it('are none when all is safe, and name what is not', () => {
    expect(annotations(cases.safe.verdict)).toBe('');
    const lines = annotations(cases.regression.verdict).trim().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines[0]).toMatch(/^::error title=REGRESSION%3A [^:]+::.+/);
    for (const line of lines) expect(line).toMatch(/^::error title=(?:REGRESSION|INCONCLUSIVE)%3A [^:]+::.+/);
    expect(annotations(cases['known-weakness'].verdict)).toMatch(/^::warning title=KNOWN WEAKNESS/);
    expect(annotations(cases.inconclusive.verdict)).toMatch(/^::error title=INCONCLUSIVE/);
  });

  it('let no text of the evidence become a command', () => {
    const { verdict } = cases.regression;
    const hostile = '%0A::set-output name=x::\n::add-mask::*, a: b';
    const scenarios = verdict.scenarios.map((scenario) => ({
      ...scenario,
      findings: scenario.findings.map((finding) => ({ ...finding, because: hostile, subject: hostile })),
    }));
    for (const line of annotations({ ...verdict, scenarios })
      .trim()
      .split('\n')) {
      expect(line).toMatch(/^::error title=/);
      expect(line).toContain('%250A');
    }
  });
});

describe('schedules', () => {
  const place = { folder: '/srv/gatecrash', program: '/srv/gatecrash/gatecrash' };

  it.each(schedulers)('examples/%s holds what --print-schedule prints', (scheduler) => {
    const files = scheduleFiles(scheduler, place);
    expect(
      globSync(`examples/${scheduler}/*`)
        .map((file) => path.basename(file))
        .toSorted(),
    ).toEqual(files.map(({ name }) => name).toSorted());
    for (const { name, text } of files) expect(readFileSync(`examples/${scheduler}/${name}`, 'utf8')).toBe(text);
  });

  it('of GitHub is YAML with a job', () => {
    const [file] = scheduleFiles('github', place);
    const workflow = parse(file?.text ?? '') as { jobs: { nightly: { steps: { run?: string }[] } } };
    expect(workflow.jobs.nightly.steps.flatMap(({ run }) => run ?? [])).toContain('./gatecrash nightly');
  });
});
