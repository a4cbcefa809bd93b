import { expect, test } from 'vitest';
import { catalogue, suites } from '../../../scenarios/catalogue.ts';
import { scenarioMistakes } from '../../../scenarios/check.ts';
import { milliseconds } from '../../../scenarios/duration.ts';
import type { Fault, Invariant, Scenario, Step } from '../../../scenarios/scenario.ts';

const [sample] = catalogue;
if (sample === undefined) throw new Error('the catalogue is empty');

test('every scenario of the catalogue can be planned, and names are unique', () => {
  expect(catalogue.flatMap(scenarioMistakes)).toEqual([]);
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
});

test('scenarios are plain data', () => {
  expect(JSON.parse(JSON.stringify(catalogue))).toEqual(catalogue);
  expect(suites.quick.every((scenario) => catalogue.includes(scenario))).toBe(true);
});

test('the silent death outlasts the watch timeout, so that a lossy restart has to show', () => {
  const scenario = catalogue.find(({ name }) => name === 'watch-silent-death');
  const [step] = scenario?.timeline ?? [];
  expect(milliseconds(step?.hold ?? '0s')).toBeGreaterThanOrEqual(
    1.05 * milliseconds(scenario?.gateway.watchTimeout ?? '9m'),
  );
});

test.each<[string, Partial<Scenario>, string]>([
  [
    'a step that outlasts its phase',
    { timeline: [{ at: '2s', hold: '2s', fault: { kind: 'watch.cut' } }] },
    'fault phase',
  ],
  [
    'a connection before the first',
    { timeline: [{ at: '0s', hold: '1s', fault: { kind: 'watch.cut', connection: 0 } }] },
    'counted from 1',
  ],
  [
    'a share of nothing',
    { timeline: [{ at: '0s', hold: '1s', fault: { kind: 'link.refuse', share: 0 } }] },
    'share must be above 0',
  ],
  [
    'a lie of etcd that nobody asked for',
    { timeline: [{ at: '0s', hold: '1s', fault: JSON.parse('{"kind":"watch.reorder"}') }] },
    'breaksPromisesOfEtcd: true has to be written out',
  ],
  [
    'a leader of one',
    { timeline: [{ at: '0s', hold: '1s', fault: { kind: 'etcd.kill-leader' } }] },
    'step 1 (etcd.kill-leader): a single etcd has no others: write etcd: { members: 3 }',
  ],
  [
    'a role that nobody has',
    { timeline: [{ at: '0s', hold: '1s', fault: { kind: 'etcd.auth', change: 'role-revoked' } }] },
    'role-revoked needs etcd: { auth: true }',
  ],
  [
    'a login where there is one',
    { etcd: { auth: true }, timeline: [{ at: '0s', hold: '1s', fault: { kind: 'etcd.auth', change: 'enabled' } }] },
    'enabled needs etcd: { auth: false }',
  ],
  [
    'a wipe of the users',
    { etcd: { auth: true }, timeline: [{ at: '0s', hold: '1s', fault: { kind: 'etcd.wipe' } }] },
    'cannot be had with etcd: { auth: true }',
  ],
  [
    'more than a transaction takes',
    { timeline: [{ at: '0s', hold: '1s', fault: { kind: 'etcd.huge-txn', routes: 129 } }] },
    'routes must be a whole number from 1 to 128',
  ],
  [
    'more than a request takes',
    { timeline: [{ at: '0s', hold: '1s', fault: { kind: 'etcd.huge-value', bytes: 2_000_000, values: 1 } }] },
    'bytes must be a whole number from 1 to 1500000',
  ],
  [
    'a table larger than a step can write',
    { timeline: [{ at: '0s', hold: '1s', fault: { kind: 'routes.fill', routes: 50_001 } }] },
    'routes must be a whole number from 1 to 50000',
  ],
  [
    'a lease of half a second',
    { timeline: [{ at: '0s', hold: '1s', fault: { kind: 'etcd.lease-storm', leases: 1, ttl: '500ms' } }] },
    'ttl must be whole seconds',
  ],
  [
    'slices that TLS hides',
    {
      etcd: { tls: true },
      timeline: [
        { at: '0s', hold: '1s', fault: { kind: 'network.slice', hop: 'gateway->etcd', bytes: 10, pause: '1ms' } },
      ],
    },
    'can be seen through TLS',
  ],
  [
    'shares that do not add up',
    { writes: { ratePerSecond: 1, mix: { create: 1, update: 1, delete: 0 } } },
    'add up to 1',
  ],
  ['convergence due before the settle phase ends', { convergeWithin: '1s' }, 'convergeWithin'],
  ['no settled routes', { table: { settled: 0, ballast: 1 } }, 'settled routes'],
  [
    'a table that is static as a whole',
    { table: { settled: 5, ballast: 0, static: 5 } },
    'static routes must be a whole number, and fewer than the 5 settled ones that they are of',
  ],
  [
    'a move of no host',
    { timeline: [{ at: '0s', hold: '1s', fault: { kind: 'gateway.migrate', to: 'etcd' } }] },
    'without static routes in the table there is no host to move',
  ],
  [
    'blocks of more than there is',
    {
      table: { settled: 1, ballast: 3 },
      timeline: [{ at: '0s', hold: '1s', fault: { kind: 'routes.block', routes: 4 } }],
    },
    'the routes that it blocks must be a whole number of the ballast, which are 3',
  ],
  [
    'a gateway that never writes, and is told to',
    {
      table: { settled: 1, ballast: 3 },
      timeline: [{ at: '0s', hold: '1s', fault: { kind: 'routes.block', routes: 3 } }],
      expectations: [{ kind: 'invariant', oracle: 'read-only' }],
    },
    'read-only cannot hold where the Admin API writes to etcd',
  ],
  [
    'half a gateway beside it',
    { gateway: { workers: 2, watchTimeout: '10s', beside: 0.5 } },
    'from 0 to 20 gateways stand beside it',
  ],
  ['an illegal name', { name: 'Watch Death' }, 'lower-case'],
  [
    'conformance of nothing',
    { expectations: [{ kind: 'invariant', oracle: 'conformance' }] },
    'expects conformance and asks no requests',
  ],
  [
    'two requests of one name, and an edit after the end',
    {
      conformance: {
        objects: {},
        edits: [{ at: '9m', objects: {} }],
        requests: [
          { name: 'a', head: ['GET / HTTP/1.1'] },
          { name: 'a', head: ['GET / HTTP/1.1'] },
        ],
      },
    },
    'two of its requests have one name',
  ],
])('%s is refused in words', (_case, change, words) => {
  expect(JSON.stringify(scenarioMistakes({ ...sample, ...change }))).toContain(words);
});

test.each<Fault>([
  { kind: 'gateway.restart' },
  { kind: 'gateway.upgrade' },
  { kind: 'gateway.cold-start' },
  { kind: 'gateway.kill', target: 'master' },
  { kind: 'gateway.term', target: 'gateway' },
])('bounded-cost beside %j is refused, and the step is named', (fault) => {
  const first: Step = { at: '0s', hold: '1s', fault: { kind: 'watch.cut' } };
  const second: Step = { at: '0s', hold: '1s', fault };
  const asked = (oracle: Invariant, ...timeline: readonly Step[]): Scenario => {
    return { ...sample, timeline, expectations: [{ kind: 'invariant', oracle }] };
  };
  expect(scenarioMistakes(asked('bounded-cost', first, second))).toEqual([
    {
      path: ['timeline', '1', 'fault'],
      words:
        `scenario ${sample.name}: step 2 (${fault.kind}): ` +
        'with it bounded-cost can never be told: the main process of the gateway, whose cost is counted, is replaced',
    },
  ]);
  expect(scenarioMistakes(asked('stays-up', first, second))).toEqual([]);
  const worker: Step = { ...second, fault: { kind: 'gateway.kill', target: 'worker' } };
  expect(scenarioMistakes(asked('bounded-cost', worker))).toEqual([]);
});

test.each([
  ['250ms', 250],
  ['3s', 3_000],
  ['1.5s', 1_500],
  ['2m', 120_000],
])('%s is %d ms', (text, ms) => expect(milliseconds(text)).toBe(ms));

test.each(['3', 's', '-1s', '1h', ''])('"%s" is no duration', (text) => {
  expect(() => milliseconds(text)).toThrow('is no duration');
});
