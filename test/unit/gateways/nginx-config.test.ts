/** Routes from etcd as a configuration of nginx: nothing that stands in etcd may break it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { poisonValues } from '../../../harness/faults/poison-values.ts';
import { apisixLayout } from '../../../harness/gateways/layouts/apisix.ts';
import { locationsOf } from '../../../harness/gateways/carrier/locations.ts';
import { routesConfig } from '../../../harness/gateways/nginx/config.ts';

const place = { folder: '/trial', traffic: 9080, status: 9180, workers: 2 };
const upstream = new URL('http://127.0.0.1:9001');

function locations(...values: readonly unknown[]): ReturnType<typeof locationsOf> {
  const entries = values.map(
    (value, index) => [`/gw/routes/r${index}`, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  );
  return locationsOf(new Map(entries), '/gw');
}

test('a route of the harness is an exact location that asks for its answer', () => {
  const [{ key, value }] = apisixLayout.route('/gw', { id: 'probe-1', path: '/probe/1', seq: 17, upstream });
  const text = routesConfig(
    place,
    locationsOf(
      new Map([
        [key, value],
        ['/gw/upstreams/1', value],
      ]),
      '/gw',
    ),
  );
  expect(text).toContain('upstream pool-0 { server 127.0.0.1:9001; keepalive 128;');
  expect(text).toContain(
    '  location = "/probe/1" { proxy_pass "http://pool-0/seq/17"; }\n  location / { return 404; }',
  );
});

test('of routes of one path the highest priority is there, once, and a star makes it a prefix', () => {
  const nodes = { '127.0.0.1:9001': 1 };
  const route = (priority: number, uri: string) => ({
    uri,
    priority,
    upstream: { nodes },
    plugins: { 'proxy-rewrite': { uri: `/seq/${priority}` } },
  });
  expect(
    locations(route(1, '/a'), route(7, '/a'), route(3, '/a'), route(2, '/a*')).map(({ path, exact, rewrite }) => [
      path,
      exact,
      rewrite,
    ]),
  ).toEqual([
    ['/a', true, '/seq/7'],
    ['/a', false, '/seq/2'],
  ]);
});

test('values that nobody can use are left out, and none adds a line of its own', () => {
  const [{ value }] = apisixLayout.route('/gw', { id: 'good', path: '/poison', seq: 1, upstream });
  const found = locations(...poisonValues(value).values());
  for (const { path, servers, rewrite } of found)
    expect([path, servers, rewrite]).toEqual(['/poison', ['127.0.0.1:9001'], '/seq/1']);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (uri, answer) => {
      const text = routesConfig(
        place,
        locations({
          uri,
          upstream: { nodes: { [answer]: 1, 'a:1': 1 } },
          plugins: { 'proxy-rewrite': { uri: answer } },
        }),
      );
      const lines = text.split('\n').filter((line) => line.startsWith('  location'));
      expect(lines.length).toBeLessThanOrEqual(2);
      for (const line of lines)
        expect(line).toMatch(
          /^ {2}location (?:\/ \{ return 404; \}|(?:=|\^~) "[^"\\${};]+" \{ proxy_pass "[^"\\${};]+"; \})$/,
        );
    }),
  );
});
