/** Steps that wait for each other and repeat: what they come to in time, and what is refused, with its place in the file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadScenario } from '../../../harness/scenario-files/load-scenario.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';
import { scenarioMistakes } from '../../../scenarios/check.ts';
import type { LinkFault } from '../../../scenarios/link-faults.ts';
import type { Fault, Scenario, Step } from '../../../scenarios/scenario.ts';
import { plannedSteps } from '../../../scenarios/timeline.ts';

const [sample] = catalogue;
if (sample === undefined) throw new Error('the catalogue is empty');
const withSteps = (...timeline: readonly Step[]): Scenario => ({
  ...sample,
  phases: { ...sample.phases, fault: '10s' },
  timeline,
});

const pause: Fault = { kind: 'etcd.pause' };
const cut: LinkFault = { kind: 'watch.cut' };

test('a step after a proof begins at any moment of the hold before it; one that repeats has its times from the phase', () => {
  const scenario = withSteps(
    { after: 'silent', at: '500ms', hold: '1s', fault: pause },
    { id: 'silent', at: '1s', hold: '3s', fault: { kind: 'watch.stall', mode: 'hold' } },
    { at: '0s', hold: '1s', repeat: { gap: '1s' }, fault: cut },
    { after: 'silent', at: '0s', hold: '1s', repeat: { gap: '1s' }, fault: { kind: 'etcd.nospace' } },
    { at: '0s', hold: '1s', repeat: { gap: '2s', times: 2 }, fault: { kind: 'link.reset' } },
  );
  expect(scenarioMistakes(scenario)).toEqual([]);
  expect(
    plannedSteps(scenario).map(({ earliestMs, latestMs, times, overMs }) => [earliestMs, latestMs, times, overMs]),
  ).toEqual([
    [1_500, 4_500, 1, 5_500],
    [1_000, 1_000, 1, 4_000],
    [0, 0, 5, 9_000],
    [1_000, 4_000, 3, 9_000],
    [0, 0, 2, 4_000],
  ]);
});

test('a chain of proofs adds up', () => {
  const step = (id: string, after: string | undefined): Step => ({
    id,
    ...(after === undefined ? {} : { after }),
    at: '100ms',
    hold: '2s',
    fault: cut,
  });
  const [, , last] = plannedSteps(withSteps(step('a', undefined), step('b', 'a'), step('c', 'b')));
  expect(last).toMatchObject({ earliestMs: 300, latestMs: 4_300, overMs: 6_300 });
});

test('a fault that is aimed at gateways that join needs a step with which one does', () => {
  const aimed = (gateway: 'first' | 'further'): Step => ({ at: '0s', hold: '1s', fault: { ...cut, gateway } });
  const joins: Step = { at: '0s', hold: '5s', fault: { kind: 'gateway.scale-out', gateways: 1 } };
  expect(scenarioMistakes(withSteps(aimed('further')))).toEqual([
    {
      path: ['timeline', '0', 'fault'],
      words: expect.stringContaining('no further gateway is there without gateway.scale-out or gateway.upgrade'),
    },
  ]);
  expect(scenarioMistakes(withSteps(joins, aimed('further')))).toEqual([]);
  expect(scenarioMistakes(withSteps(aimed('first')))).toEqual([]);
});

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-timeline-'));
afterAll(() => rmSync(folder, { recursive: true }));

const base = { at: '0s', hold: '1s', fault: cut };

test.each<[string, readonly object[], RegExp]>([
  [
    'an id that no step has',
    [
      { ...base, id: 'cut' },
      { ...base, fault: pause, after: 'cot' },
    ],
    /after: cot/,
  ],
  ['no id at all', [{ ...base, after: 'cut' }], /after: cut/],
  ['a step after itself', [{ ...base, id: 'cut', after: 'cut' }], /after: cut/],
  [
    'two that wait for each other',
    [
      { ...base, id: 'a', after: 'b' },
      { ...base, id: 'b', after: 'a', fault: pause },
    ],
    /after: b/,
  ],
  [
    'an id twice',
    [
      { ...base, id: 'cut' },
      { ...base, id: 'cut', fault: pause },
    ],
    /id: cut/,
  ],
  ['once as a repetition', [{ ...base, repeat: { gap: '1s', times: 1 } }], /times: 1/],
  ['half a time', [{ ...base, repeat: { gap: '1s', times: 2.5 } }], /times: 2.5/],
  ['too often to be done', [{ ...base, hold: '10ms', repeat: { gap: '10ms' } }], /gap: 10ms/],
  ['more times than fit', [{ ...base, repeat: { gap: '1s', times: 6 } }], /- at: 0s/],
  [
    'what may come too late',
    [
      { ...base, id: 'a', hold: '6s' },
      { ...base, hold: '5s', after: 'a', fault: pause },
    ],
    /- at/,
  ],
  ['the same fault twice at one time', [base, { ...base, at: '500ms' }], /- at: 500ms/],
  [
    'a mix that is no whole',
    [
      {
        ...base,
        fault: { kind: 'routes.flood', changesPerSecond: 1, paths: 'same', mix: { create: 1, update: 1, delete: 0 } },
      },
    ],
    /kind: routes.flood/,
  ],
])('%s is refused, with the line where it stands', async (name, timeline, line) => {
  const text = stringify({ ...withSteps(), table: { settled: 1, ballast: 0 }, timeline });
  const file = path.join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  const mistakes = await loadScenario(file);
  if (!Array.isArray(mistakes)) throw new Error(`${name} was taken`);
  const [first = ''] = mistakes as readonly string[];
  const [, row = '0'] = /scenario\.yaml:(\d+):\d+: scenario .*: step \d/.exec(first) ?? [];
  expect(text.split('\n')[Number(row) - 1] ?? '', first).toMatch(line);
});

test.each<[Partial<Scenario>, string]>([
  [
    {
      timeline: [{ at: '0s', hold: '1s', fault: { kind: 'routes.prefix-delete' } }],
      table: { settled: 1, ballast: 0 },
    },
    'nothing to delete',
  ],
  [{ gateway: { workers: 1, watchTimeout: '1s', prefix: 'apisix' } }, 'the prefix must begin with /'],
  [{ gateway: { workers: 1, watchTimeout: '1s', prefix: '/apisix/' } }, 'not end with one'],
  [{ gateway: { workers: 1, watchTimeout: '1s', prefix: '/a,b' } }, 'a comma'],
])('%j is refused', (change, words) => {
  expect(JSON.stringify(scenarioMistakes({ ...sample, ...change }))).toContain(words);
});
