/** What a product lacks for a scenario is told before anything runs, whichever arm it is in. */
import { expect, test } from 'vitest';
import { lackFor, lacksFor } from '../../../harness/faults/lacks.ts';
import { apisixLayout } from '../../../harness/gateways/layouts/apisix.ts';
import { traefikLayout } from '../../../harness/gateways/layouts/traefik.ts';
import { type Ability, abilities } from '../../../harness/model/abilities.ts';
import type { Host } from '../../../harness/model/host.ts';
import type { Layout } from '../../../harness/model/layout.ts';
import { asked } from '../../../scenarios/http/request.ts';
import { requestPaths } from '../../../scenarios/http/request-paths.ts';
import { routeMatching } from '../../../scenarios/http/route-matching.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { watchCut } from '../../../scenarios/watch/watch-cut.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';

const all = Object.keys(abilities) as Ability[];
const nothing = {
  toxiproxy: undefined,
  etcdutl: undefined,
  previousEtcd: undefined,
  openssl: undefined,
  cpuLimit: undefined,
  memoryLimit: undefined,
  firewall: 'no network of its own',
  prlimit: undefined,
};
const host: Host = { openFiles: 1_000_000, missing: nothing };

function stage(layout: Layout, ...without: readonly Ability[]) {
  const able = { build: 'able@1', driver: { abilities: new Set(all), object: apisixLayout.object } };
  const driver = { abilities: new Set(all.filter((ability) => !without.includes(ability))), object: layout.object };
  return { host, gateways: [able, { build: 'lame@2', driver }] };
}

test('who can do all lacks nothing', () => {
  for (const scenario of [none, watchCut, watchSilentDeath, requestPaths, routeMatching])
    expect(lacksFor(scenario, stage(apisixLayout))).toBeUndefined();
});

test.each([
  ['etcd-watch', { kind: 'watch.stall', mode: 'dead' }],
  ['etcd-watch', { kind: 'unary.delay', by: '1s' }],
  ['json-routes', { kind: 'routes.poison' }],
  ['json-routes', { kind: 'etcd.huge-txn', routes: 100 }],
  ['json-routes', { kind: 'etcd.huge-value', bytes: 1_000, values: 1 }],
  ['worker-processes', { kind: 'gateway.kill', target: 'worker' }],
  ['worker-processes', { kind: 'gateway.pause', target: 'worker' }],
  ['reload', { kind: 'gateway.reload' }],
  ['static-hosts', { kind: 'gateway.migrate', to: 'etcd' }],
  ['blocks', { kind: 'routes.block', routes: 1 }],
  ['dns', { kind: 'upstream.dns', leads: 'nowhere' }],
] as readonly (readonly [Ability, Fault])[])('without %s there is no %j', (ability, fault) => {
  expect(lackFor(fault, stage(apisixLayout, ability))).toBe(`lame@2 has no ${abilities[ability]}`);
  const others = all.filter((each) => each !== ability);
  expect(lackFor(fault, stage(apisixLayout, ...others))).toBeUndefined();
});

test('the whole gateway can be killed also where it has no worker processes', () => {
  expect(lackFor({ kind: 'gateway.kill', target: 'gateway' }, stage(apisixLayout, 'worker-processes'))).toBeUndefined();
});

test('a scenario names each step that cannot be done, and what it asks beside its timeline', () => {
  expect(lacksFor(watchSilentDeath, stage(apisixLayout, 'etcd-watch'))).toBe(
    'step 1 (watch.stall): lame@2 has no watch of its own on etcd',
  );
  expect(lacksFor(watchCut, stage(apisixLayout, 'worker-reads'))).toBe(
    'lame@2 has no way to tell which of its workers answers',
  );
  expect(lacksFor({ ...none, etcd: { auth: true, tls: true } }, stage(apisixLayout, 'etcd-login', 'etcd-tls'))).toBe(
    'lame@2 has no way to log in at etcd and no way to come to etcd over TLS',
  );
  expect(lacksFor({ ...none, table: { ...none.table, static: 5 } }, stage(apisixLayout, 'static-hosts'))).toBe(
    'lame@2 has no static configuration of hosts, which a reload reads anew',
  );
  const conformance = { objects: {}, requests: [asked('list', 'GET /apisix/admin/routes')] } as const;
  expect(lacksFor({ ...none, conformance }, stage(apisixLayout, 'admin-api'))).toBe(
    'lame@2 has no Admin API as Apache APISIX has it',
  );
  const page = { objects: {}, requests: [{ name: 'page', head: ['GET / HTTP/1.0'], to: 'metrics' }] } as const;
  expect(lacksFor({ ...none, conformance: page }, stage(apisixLayout, 'metrics'))).toBe(
    `lame@2 has no ${abilities.metrics}`,
  );
});

test('single requests need objects that the product has something like', () => {
  expect(lacksFor(requestPaths, stage(traefikLayout))).toBeUndefined();
  expect(lacksFor(routeMatching, stage(traefikLayout))).toMatch(
    /^lame@2 has nothing like routes\/m-wild-host, .*routes\/m-vars/,
  );
});
