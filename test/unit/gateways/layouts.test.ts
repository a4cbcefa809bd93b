/** How products keep routes in etcd, and what of APISIX's layout Traefik has something like. */
import { expect, test } from 'vitest';
import { apisixLayout } from '../../../harness/gateways/layouts/apisix.ts';
import { traefikLayout } from '../../../harness/gateways/layouts/traefik.ts';
import { keyStarts } from '../../../harness/model/layout.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';

const upstream = new URL('http://127.0.0.1:9001');
const route = { id: 'probe-1', path: '/probe/1', seq: 17, upstream };

test('a route of APISIX is one JSON value', () => {
  const [{ key, value }, ...more] = apisixLayout.route('/apisix', { ...route, priority: 3 });
  expect([key, more]).toEqual(['/apisix/routes/probe-1', []]);
  expect(JSON.parse(value)).toEqual({
    uri: '/probe/1',
    priority: 3,
    upstream: { type: 'roundrobin', nodes: { '127.0.0.1:9001': 1 } },
    plugins: { 'proxy-rewrite': { uri: '/seq/17' } },
  });
  const ofHost = apisixLayout.route('/apisix', { ...route, host: 'a.test' })[0].value;
  expect(JSON.parse(ofHost)).toMatchObject({ uri: '/probe/1', host: 'a.test' });
  expect(apisixLayout.route('/apisix', { ...route, valueBytes: 500 })[0].value).toHaveLength(500);
  expect(keyStarts(apisixLayout, '/apisix', 'probe-')).toEqual(['/apisix/routes/probe-']);
});

test('a route of Traefik is a key for every field, below a root without a slash', () => {
  expect(
    Object.fromEntries(traefikLayout.route('/gw', { ...route, priority: 3 }).map((each) => Object.values(each))),
  ).toEqual({
    'gw/http/routers/probe-1/rule': 'Path(`/probe/1`)',
    'gw/http/routers/probe-1/priority': '3',
    'gw/http/routers/probe-1/service': 'probe-1',
    'gw/http/routers/probe-1/middlewares/0': 'probe-1',
    'gw/http/middlewares/probe-1/replacepath/path': '/seq/17',
    'gw/http/services/probe-1/loadbalancer/servers/0/url': 'http://127.0.0.1:9001',
  });
  expect(keyStarts(traefikLayout, '/gw', 'probe-')).toEqual([
    'gw/http/routers/probe-',
    'gw/http/middlewares/probe-',
    'gw/http/services/probe-',
  ]);
  expect(traefikLayout.route('/gw', { ...route, valueBytes: 99 })[0].value).toHaveLength(99);
});

test('routes that APISIX keeps are told to Traefik in its words, with what they no longer have', () => {
  const told = (value: Parameters<typeof traefikLayout.object>[2]) =>
    Object.fromEntries(
      (traefikLayout.object('/gw', 'routes/a', value) ?? []).map(({ key, value }) => [
        key.slice('gw/http/'.length),
        value,
      ]),
    );
  const nodes = { '{upstream}': 1 };
  const strip = { 'proxy-rewrite': { regex_uri: ['^/strip/(.*)', '/kept/$1'] } };
  expect(
    told({ host: 'a.test', uri: '/strip/*', methods: ['GET', 'HEAD'], plugins: strip, upstream: { nodes } }),
  ).toEqual({
    'routers/a/rule': 'Host(`a.test`) && (Method(`GET`) || Method(`HEAD`)) && PathPrefix(`/strip/`)',
    'routers/a/service': 'a',
    'routers/a/priority': undefined,
    'routers/a/middlewares/0': 'a',
    'middlewares/a/replacepathregex/regex': '^/strip/(.*)',
    'middlewares/a/replacepathregex/replacement': '/kept/$1',
    'middlewares/a/replacepath/path': undefined,
    'services/a/loadbalancer/servers/0/url': 'http://{upstream}',
    'services/a/loadbalancer/servers/1/url': undefined,
  });
  expect(told({ uri: '/users/:id/posts', upstream: { nodes } })['routers/a/rule']).toBe(
    'PathRegexp(`^/users/[^/]+/posts$`)',
  );
  expect(Object.values(told(null)).every((value) => value === undefined)).toBe(true);
  for (const foreign of [
    { uri: '/a', vars: [], upstream: { nodes } },
    { uri: '/a', upstream_id: '1' },
    { uri: '/a', host: '*.test', upstream: { nodes } },
    'no json',
  ])
    expect(traefikLayout.object('/gw', 'routes/a', foreign)).toBeUndefined();
  expect(traefikLayout.object('/gw', 'upstreams/a', { nodes })).toBeUndefined();
});

test('of the single requests of the catalogue these can be asked of Traefik', () => {
  const able = catalogue.filter(({ conformance }) => {
    const objects = Object.entries(conformance?.objects ?? {});
    return objects.length > 0 && objects.every(([key, value]) => traefikLayout.object('/gw', key, value) !== undefined);
  });
  expect(able.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['request-paths', 'http-messages', 'protocol-changes']),
  );
  expect(able.map(({ name }) => name)).not.toContain('route-matching');
});
