/** The report page: what it says first, what it proves, and what it must never do. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../harness/model/history.ts';
import type { Decision } from '../../../harness/model/verdict.ts';
import { html } from '../../../harness/reporters/html.ts';
import type { ReportContext } from '../../../harness/reporters/reporter.ts';
import { decisionWord } from '../../../harness/reporters/words.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
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
    expect(page.length).toBeLessThan(200_000);
  });
});

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
  const around = { runFolder: text, replay: text, environment: { ...context.environment, git: text, argv: [text] } };
  return [{ evidence: { ...tried, trials }, verdict: { ...verdict, stable: text, because: text } }, around];
}

function withText(o: Observation, text: string): Observation {
  if (o.kind === 'fault') return { ...o, proof: text };
  if (o.kind === 'load') return { ...o, errors: { [text]: 3 } };
  if (o.kind === 'read') return { ...o, route: `${o.route}${text}`, worker: `${o.worker}${text}` };
  if (o.kind === 'write') return { ...o, route: `${o.route}${text}` };
  return o;
}
