/** The report page: what it says first, what it proves, and what it must never do. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../harness/model/history.ts';
import type { Decision } from '../../../harness/model/verdict.ts';
import { html } from '../../../harness/reporters/html.ts';
import type { ReportContext } from '../../../harness/reporters/reporter.ts';
import { decisionWord } from '../../../harness/reporters/words.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { cpuProfile } from '../../support/cpu-profile.ts';
import { evidence } from '../../support/evidence.ts';
import { cases, context, judged, type Case } from './cases.ts';

function rendered({ evidence, verdict }: Case, around: ReportContext = context): string {
  return html.render(evidence, verdict, around);
}

/** Element names and attribute names in order: what a text must not be able to change. */
function skeleton(page: string): readonly string[] {
  return [...page.replaceAll(/<style>.*?<\/style>/gs, '').matchAll(/<[^>]*>/g)].map(([tag]) =>
    tag.replaceAll(/"[^"]*"/g, '""'),
  );
}

function plainText(page: string): string {
  const body = page.slice(page.indexOf('<body>')).replaceAll(/<[^>]*>/g, ' ');
  return body.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll(/\s+/g, ' ');
}

describe('the verdict', () => {
  it.each(Object.entries(cases) as [Decision, Case][])('%s comes first, with its reason', (decision, one) => {
    const text = plainText(rendered(one));
    expect(one.verdict.decision).toBe(decision);
    const order = [decisionWord[decision], one.verdict.because.split('\n')[0] ?? '', 'Decision of each scenario'];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('is followed by every finding with its sentence, how to run again and how to decide again', () => {
    const text = plainText(rendered(cases.regression));
    for (const { findings } of cases.regression.verdict.scenarios)
      for (const { because } of findings) expect(text).toContain(because);
    expect(text).toContain(context.replay);
    expect(text).toContain('gatecrash judge 20260101-120000-1');
    for (const name of Object.keys(cases.regression.verdict.constants)) expect(text).toContain(name);
  });
});

describe('the proof', () => {
  it('names every lost route with its revision, what was expected, what was got, and the lines', () => {
    const page = rendered(cases.regression);
    const { history } = cases.regression.evidence.trials.find(({ arm }) => arm === 'canary') ?? { history: [] };
    const read = history.findIndex((o) => o.kind === 'read' && o.got !== o.expected);
    const { route, expected } = history[read] as Extract<Observation, { kind: 'read' }>;
    const written = history.findIndex((o) => o.kind === 'write' && o.edge === 'ok' && o.route === route);
    const { revision } = history[written] as Extract<Observation, { kind: 'write' }>;
    const row = page.split('<tr>').find((text) => text.includes(`>${route}</th>`));
    const cells = plainText(`<body>${row}`).trim();
    expect(cells).toMatch(new RegExp(`^${route} [\\d.]+ s ${revision} ${expected} absent \\(worker w0\\) 1, canary`));
    expect(cells).toContain(`${written + 1} ${read + 1}`);
    expect(row).toContain('href="./trials/watch-silent-death-1-canary/history.ndjson"');
  });

  it('shows the reasons of trials that do not count', () => {
    expect(plainText(rendered(cases.invalid))).toContain('etcd died its last words');
  });

  it('draws interval, limits, values and seconds with units, and says them to those who cannot see', () => {
    const page = rendered(cases.regression);
    for (const part of ['tolerance 4×', 'minimum effect 2×', 'milliseconds', 'seconds since the fault phase began'])
      expect(page).toContain(part);
    const labels = [...page.matchAll(/<svg role="img" aria-label="([^"]+)"/g)].map((match) => match[1]);
    expect(labels).toContainEqual(expect.stringMatching(/^Canary over stable: 8×, from [\d.]+× to [\d.]+×/));
    expect(labels).toContainEqual('stable: 5, 5, 5 ms; twin: 5, 5, 5 ms; canary: 40, 40, 40 ms');
  });

  it('shows what each trial saw of its faults and what its writes took', () => {
    const { evidence: tried, verdict } = cases.safe;
    const trials = tried.trials.map((trial) => ({
      ...trial,
      history: trial.history.map((o) =>
        o.kind === 'fault' && o.edge === 'verified' ? { ...o, proof: `seen by ${trial.arm}` } : o,
      ),
    }));
    const text = plainText(rendered({ verdict, evidence: { ...tried, trials } }));
    expect(text).toContain('1 stable seen by stable 2 and 2 20 and 20 1 twin seen by twin 2 and 2 20 and 20 1 canary');
  });

  it('ends a long table and says where the rest is', () => {
    const many = evidence([watchSilentDeath], 3, (arm) => (arm === 'canary' ? { lost: 11 } : {}));
    expect(plainText(rendered(judged(many)))).toContain('and 13 more, see trials/*/history.ndjson');
  });
});

describe('what a reader needs next', () => {
  it('is what to do now, and the findings that broke', () => {
    const header = /<header>.*?<\/header>/s.exec(rendered(cases.regression))?.[0] ?? '';
    expect(header).toContain('Do not upgrade.');
    expect(plainText(`<body>${header}`)).toMatch(/✗ no-lost-update in watch-silent-death ✗ converge in watch-silent-death/); // prettier-ignore
    const words = Object.values(cases).map((one) => /<p class="because">.*?<\/p>\n<p>(.*?)<\/p>/s.exec(rendered(one))?.[1]); // prettier-ignore
    expect(new Set(words).size).toBe(words.length);
    expect(words).not.toContain(undefined);
  });

  it('is a matrix that leads to every finding', () => {
    const page = rendered(cases.regression);
    const matrix = /<table class="matrix">.*?<\/table>/s.exec(page)?.[0] ?? '';
    const links = [...matrix.matchAll(/href="#(s\d-f\d)" title="([^"]+)"/g)].map(([, id, title]) => [id, title]);
    const findings = cases.regression.verdict.scenarios.flatMap((each) => each.findings);
    expect(links).toHaveLength(findings.length);
    for (const [id] of links) expect(page).toContain(`<article id="${id}"`);
    expect(links).toContainEqual(['s1-f1', 'no-lost-update: REGRESSION']);
  });

  it('is who served which change and when, worker by worker, of stable and canary', () => {
    const page = rendered(judged(evidence([watchSilentDeath], 3, (arm) => (arm === 'canary' ? lossy : {}))));
    const maps = [
      ...page.matchAll(/<figcaption>(\w+), worker (\w+), 30 changed routes<\/figcaption>(.*?)<\/figure>/gs),
    ];
    expect(maps.map(([, arm, worker]) => `${arm} ${worker}`)).toEqual(['stable w0', 'canary w0', 'stable w1', 'canary w1']); // prettier-ignore
    const stale = maps.map(([, , , svg]) => /\d+ of them not as last written at the end/.exec(svg ?? '')?.[0]);
    expect(stale.map((words) => words?.split(' ')[0])).toEqual(['0', '7', '0', '0']);
    const dark = maps.map(([, , , svg]) => svg?.includes('fill="var(--heat-4)"'));
    expect(dark).toEqual([false, true, false, false]);
  });

  it('is how long requests took, before the fault and from it on', () => {
    const labels = [...rendered(cases.regression).matchAll(/aria-label="([^"]+)"/g)].map((match) => match[1]);
    expect(labels).toContainEqual(expect.stringMatching(/^stable: p50 2\.5, .*p99 5, .*canary: p50 20, .*p99 40/));
  });

  it('is what was used meanwhile', () => {
    const text = plainText(rendered(cases.regression));
    for (const part of [
      'Processor time of the gateway, cores',
      'Resident memory of the gateway, MiB',
      'Requests of the gateway to etcd, per second',
    ])
      // prettier-ignore
      expect(text).toContain(part);
  });

  it('is what the canary printed around it, those that complain first, and how much stable complained', () => {
    const at = (second: number): number => Date.parse('2026-01-01T12:00:00.000Z') + 3_100 + second * 1_000;
    const line = (second: number, level: number, msg: string): string =>
      JSON.stringify({ time: at(second), level, msg });
    const logs: NonNullable<ReportContext['logs']> = (folder) => {
      const many = Array.from({ length: 100 }, (_, i) => line(1, 30, `fine ${i}`));
      const told = folder.endsWith('canary')
        ? [line(-2, 50, 'long before'), ...many, line(2, 40, 'no events'), line(2.1, 40, 'no events'), line(2.5, 50, 'gave up')] // prettier-ignore
        : many;
      return [{ file: `${folder}/logs/gateway.log`, name: 'gateway', text: told.join('\n') }];
    };
    const text = plainText(rendered(cases.regression, { ...context, logs }));
    expect(text).toContain('canary: 3 warnings and errors, stable: no warning or error. Whole files: gateway.log');
    expect(text).toContain('2 lines of 102');
    expect(text).toMatch(/2\.00 gateway warn no events \(2 times\) 2\.50 gateway error gave up/);
    expect(text).not.toContain('long before');
    expect(plainText(rendered(cases.safe, { ...context, logs }))).not.toContain('gateway.log');
  });

  it('is how to run one of several scenarios again', () => {
    const replayOf = { 'route-flood': 'gatecrash canary --scenario route-flood' };
    expect(plainText(rendered(cases.regression, { ...context, replayOf }))).toContain(replayOf['route-flood']);
  });
});

describe('the file', () => {
  it('asks the network for nothing and runs nothing', () => {
    const page = rendered(cases.regression);
    expect(page).not.toMatch(/<script|<link|<iframe|<img|<object|\ssrc=|url\((?!#)|@import|\sstyle=|\son\w+=/i);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '');
    for (const link of links) expect(link).toMatch(/^(?:#|\.\/|https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/issues\/\d+$)/);
  });

  it('allows its own style sheet and nothing else', () => {
    const page = rendered(cases.safe);
    const css = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(css).digest('base64');
    expect(page).toContain(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
  });

  it('is the same for the same evidence, with every id once', () => {
    const page = rendered(cases.regression);
    expect(rendered(cases.regression)).toBe(page);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('stays under 2 MB for a trial of many hours', () => {
    const long = evidence([watchSilentDeath], 3);
    const trials = long.trials.map((trial) => ({ ...trial, history: [...trial.history, ...hours] }));
    expect(Buffer.byteLength(rendered({ ...cases.safe, evidence: { ...long, trials } }))).toBeLessThan(2_000_000);
  });

  it('stays under 2 MB for 100 000 seconds of load', () => {
    const long = evidence([watchSilentDeath], 1);
    const seconds = Array.from({ length: 100_000 }, (_, second) => ({ ...hours[second % hours.length], atMs: 20_000 + second * 1_000 }) as Observation); // prettier-ignore
    const trials = long.trials.map((trial) => ({ ...trial, history: [...trial.history, ...seconds] }));
    expect(Buffer.byteLength(rendered({ ...cases.safe, evidence: { ...long, trials } }))).toBeLessThan(2_000_000);
  });

  it('has room for every scenario of the catalogue, the gravest in full', () => {
    const asks = ({ expectations }: Scenario): boolean =>
      expectations.some((one) => one.kind === 'invariant' && one.oracle === 'no-lost-update');
    const worst = catalogue.findLast(asks)?.name ?? '';
    const all = judged(evidence(catalogue, 3, (arm, _, { name }) => (arm === 'canary' && name === worst ? lossy : {})));
    const page = rendered(all);
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
    for (const { name } of catalogue) expect(page).toMatch(new RegExp(`<h2 id="s\\d+-title">${name} `));
    const [, ofWorst = ''] = page.split(new RegExp(`<h2 id="s\\d+-title">${worst} `));
    expect(ofWorst.split('<h2')[0]).toContain('Who served which change');
  });

  it('lets no text of the evidence become markup', () => {
    const benign = skeleton(rendered(...spoilt('x')));
    const hostile = fc.oneof(
      fc.constantFrom(
        '</script><script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onload='",
        '</style>',
        ']]>',
        '&lt;b&gt;',
      ),
      fc.string({ minLength: 1, unit: 'binary' }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        expect(skeleton(rendered(...spoilt(text)))).toEqual(benign);
      }),
      { numRuns: 10 },
    );
  });

  it('drops what no parser takes and cuts what has no end', () => {
    const page = rendered(...spoilt(`a\u0000b\uD800${'long '.repeat(10_000)}`));
    // oxlint-disable-next-line no-control-regex -- this is what must not be there
    expect(page).not.toMatch(/[\u0000-\u0008\uD800-\uDFFF]/);
    expect(page.length).toBeLessThan(300_000);
  });
});

const lossy = { lost: 7, convergedMs: undefined };

const hours: readonly Observation[] = Array.from({ length: 10_000 }, (_, second) => ({
  kind: 'load',
  atMs: 20_000 + second * 1_000,
  sent: 1_500,
  ok: 1_490 + (second % 7),
  errors: { '503': second % 5 },
  p50Ms: 1 + (second % 3),
  p99Ms: 5 + (second % 11),
}));

/** A run of which every text that others can choose is this one. */
function spoilt(text: string): readonly [Case, ReportContext] {
  const tried = evidence([watchSilentDeath], 2, (arm, block) => {
    if (block === 2) return { state: 'invalid', reason: text };
    return arm === 'canary' ? { lost: 2 } : {};
  });
  const trials = tried.trials.map((trial) => ({ ...trial, history: trial.history.map((o) => withText(o, text)) }));
  const { verdict } = judged({ ...tried, trials });
  const profile = cpuProfile([[`${text}@${text}`, `serve@${text}`], 500]);
  const more = cpuProfile([[`${text}@${text}`, `serve@${text}`, `sort@${text}`], 900]);
  const around: ReportContext = {
    runFolder: text,
    replay: text,
    environment: { ...context.environment, git: text, argv: [text] },
    logs: (folder) => [
      { file: `${folder}/${text}`, name: text, text: JSON.stringify({ time: 2e12, level: 50, msg: text }) },
    ],
    profiles: [profile, more].map((each, i) => ({
      scenario: watchSilentDeath.name,
      arm: i === 0 ? 'stable' : 'canary',
      worker: text,
      file: text,
      profile: each,
    })),
  };
  return [{ evidence: { ...tried, trials }, verdict: { ...verdict, stable: text, because: text } }, around];
}

function withText(o: Observation, text: string): Observation {
  if (o.kind === 'fault') return { ...o, proof: text };
  if (o.kind === 'load') return { ...o, errors: { [text]: 3 } };
  if (o.kind === 'read') return { ...o, route: `${o.route}${text}`, worker: `${o.worker}${text}` };
  if (o.kind === 'write') return { ...o, route: `${o.route}${text}` };
  if (o.kind === 'shown') return { ...o, route: `${o.route}${text}`, worker: `${o.worker}${text}` };
  return o;
}
