import { expect, test } from 'vitest';
import { type Item, Store } from '../../../gateway/config/store.ts';

const good = (uri: string): string => JSON.stringify({ uri, upstream: { nodes: { '127.0.0.1:80': 1 } } });
const item = (id: string, value: string | undefined, revision = 1): Item => ({
  key: `/apisix/${id}`,
  value: value === undefined ? undefined : Buffer.from(value),
  modRevision: BigInt(revision),
});
const kept = (store: Store, ...items: readonly Item[]): readonly string[] =>
  store.apply(items).changes.map(({ op, id }) => `${op} ${id}`);

test.each(['constructor/x', '__proto__/x', 'toString/x', 'routes/', 'routes', 'routes-old/5', 'x', '/routes/a'])(
  'the key %s is no item: nothing changes and nothing is refused',
  (id) => {
    const store = new Store('/apisix');
    expect(store.apply([item(id, 'init_dir'), item(id, good('/x')), item(id, undefined)])).toEqual({
      changes: [],
      refusals: [],
    });
    expect(store.count('route')).toBe(0);
  },
);

test.each<[string, string, RegExp]>([
  ['a node that is no address', '{"uri":"/x","upstream":{"nodes":{"a b:80":1}}}', /a b:80/],
  ['a port that does not exist', '{"uri":"/x","upstream":{"nodes":{"127.0.0.1:99999":1}}}', /99999/],
  ['a node that hides another host', '{"uri":"/x","upstream":{"nodes":[{"host":"a@b","weight":1}]}}', /a@b/],
  ['a node with a path', '{"uri":"/x","upstream":{"nodes":{"a/b:80":1}}}', /a\/b/],
  [
    'a Host header of two lines',
    '{"uri":"/x","upstream_id":1,"plugins":{"proxy-rewrite":{"host":"a\\r\\nb"}}}',
    /host/,
  ],
  ['a rewrite of two lines', '{"uri":"/x","upstream_id":1,"plugins":{"proxy-rewrite":{"uri":"/a\\r\\nb"}}}', /uri/],
  ['a rewritten host without one', '{"uri":"/x","upstream":{"nodes":{},"pass_host":"rewrite"}}', /upstream_host/],
  ['no upstream at all', '{"uri":"/x"}', /upstream_id/],
  ['both uri and uris', '{"uri":"/x","uris":["/y"],"upstream_id":1}', /./],
  ['a lower-case method', '{"uri":"/x","upstream_id":1,"methods":["get"]}', /methods/],
  ['JSON that is nested without end', '['.repeat(200_000), /./],
])('%s is refused before it counts', (_what, value, reason) => {
  const store = new Store('/apisix');
  const { changes, refusals } = store.apply([item('routes/a', value)]);
  expect(changes).toEqual([]);
  expect(refusals).toEqual([{ key: '/apisix/routes/a', reason: expect.stringMatching(reason) }]);
});

test.each(['127.0.0.1:80', '[::1]:8080', 'service.default.svc:80', 'host'])('the node %s can be used', (node) => {
  const store = new Store('/apisix');
  expect(kept(store, item('upstreams/a', JSON.stringify({ nodes: { [node]: 1 } })))).toEqual(['put a']);
});

test('the same value again is no change; a bad value that is taken back leaves no trace', () => {
  const store = new Store('/apisix');
  expect(kept(store, item('routes/a', good('/a'), 1))).toEqual(['put a']);
  expect(kept(store, item('routes/a', good('/a'), 2))).toEqual([]);
  expect(kept(store, item('routes/a', 'null', 3))).toEqual([]);
  expect(store.rejected.size).toBe(1);
  expect(kept(store, item('routes/a', good('/a'), 4))).toEqual([]);
  expect(store.rejected.size).toBe(0);
});

test('a value of another history is taken although its revision is the same', () => {
  const store = new Store('/apisix');
  store.replace([item('routes/a', good('/old'), 5), item('routes/gone', good('/gone'), 6)]);
  const { changes } = store.replace([item('routes/a', good('/new'), 5)]);
  expect(changes).toMatchObject([
    { op: 'delete', id: 'gone' },
    { op: 'put', id: 'a', value: { uris: ['/new'] } },
  ]);
});

test('a refusal is told once, however often the item is read', () => {
  const store = new Store('/apisix');
  expect(store.replace([item('routes/a', 'null', 1)]).refusals).toHaveLength(1);
  expect(store.replace([item('routes/a', 'null', 1)]).refusals).toEqual([]);
  expect(store.apply([item('routes/a', '{', 2)]).refusals).toHaveLength(1);
});
