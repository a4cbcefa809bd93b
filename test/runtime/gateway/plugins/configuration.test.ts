/** What a plugin's configuration may not be, and which plugin counts when several objects bring it. */
import { expect, test } from 'vitest';
import { ask, startServer } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';

test.each<[string, object, RegExp]>([
  ['an unknown plugin', { nope: {} }, /unknown plugin "nope"/],
  ['a plugin that is null', { cors: null }, /\/plugins/],
  ['an unknown field of _meta', { cors: { _meta: { surprise: 1 } } }, /\/plugins\/cors\/_meta.*surprise/],
  ['limit-count without its window', { 'limit-count': { count: 1 } }, /\/plugins\/limit-count.*time_window/],
  ['limit-count of nothing', { 'limit-count': { count: 0, time_window: 1 } }, /\/plugins\/limit-count\/count/],
  ['limit-count in Redis', { 'limit-count': { count: 1, time_window: 1, policy: 'redis' } }, /limit-count\/policy/],
  ['limit-req without a rate', { 'limit-req': { burst: 1, key: 'remote_addr' } }, /limit-req.*rate/],
  ['cors for all with credentials', { cors: { allow_credential: true } }, /\/plugins\/cors.*allow_credential/],
  ['redirect two ways', { redirect: { uri: '/aa', http_to_https: true } }, /\/plugins\/redirect/],
  ['redirect by a bad pattern', { redirect: { regex_uri: ['(', '/'] } }, /\/plugins\/redirect\/regex_uri/],
  ['a bad block rule', { 'uri-blocker': { block_rules: ['['] } }, /\/plugins\/uri-blocker\/block_rules/],
  ['ip-restriction by a name', { 'ip-restriction': { whitelist: ['localhost'] } }, /localhost/],
  ['ip-restriction by a network that is none', { 'ip-restriction': { whitelist: ['10.0.0.0/33'] } }, /10\.0\.0\.0\/33/],
  ['ip-restriction both ways', { 'ip-restriction': { whitelist: ['::1'], blacklist: ['::1'] } }, /either/],
  ['ua-restriction of nobody', { 'ua-restriction': {} }, /either/],
  ['response-rewrite with filters', { 'response-rewrite': { filters: [{ regex: 'a', replace: 'b' }] } }, /filters/],
  ['response-rewrite with half a Base64', { 'response-rewrite': { body: '***', body_base64: true } }, /Base64/],
  ['a header of two lines', { 'response-rewrite': { headers: { set: { A: 'b\r\nc' } } } }, /response-rewrite\/headers/],
  ['fault-injection of nothing', { 'fault-injection': {} }, /fault-injection/],
  [
    'a condition that is none',
    { 'fault-injection': { abort: { http_status: 500, vars: [[['a', '??', 1]]] } } },
    /\?\?/,
  ],
  ['mocking by a schema', { mocking: { response_schema: {} } }, /mocking/],
  [
    'traffic-split two ways',
    { 'traffic-split': { rules: [{ weighted_upstreams: [{ upstream_id: 1, upstream: { nodes: {} } }] }] } },
    /traffic-split/,
  ],
  ['key-auth with a secret', { 'key-auth': { key: 'x' } }, /key-auth.*key/],
])('%s is refused with its place', async (_what, plugins, reason) => {
  await using proxy = await startProxy([]);
  await expect(proxy.put('routes/bad', { uri: '/bad', plugins })).rejects.toThrow(reason);
});

test('route before plugin config before service, and global rules beside all of them', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  await using proxy = await startProxy([upstream.node], { route: { uri: '/none' } });
  const says = (what: string): object => ({ 'response-rewrite': { headers: { set: { 'X-Who': what } } } });
  const id = (what: string): object => ({ 'request-id': { header_name: what } });
  await proxy.put('services/s', {
    upstream: { nodes: [upstream.node] },
    plugins: { ...says('service'), ...id('X-Service') },
  });
  await proxy.put('plugin_configs/p', { plugins: { ...says('config'), ...id('X-Config') } });
  await proxy.put('routes/all', { uri: '/all', service_id: 's', plugin_config_id: 'p', plugins: says('route') });
  await proxy.put('routes/two', { uri: '/two', service_id: 's', plugin_config_id: 'p' });
  await proxy.put('routes/one', { uri: '/one', service_id: 's' });
  await proxy.put('global_rules/g', { plugins: { 'response-rewrite': { headers: { add: ['X-Global: yes'] } } } });
  const who = async (path: string): Promise<unknown[]> => {
    const { headers } = await ask(proxy.port, { path });
    return [
      headers['x-who'],
      headers['x-config'] !== undefined,
      headers['x-service'] !== undefined,
      headers['x-global'],
    ];
  };
  expect(await who('/all')).toEqual(['route', true, false, 'yes']);
  expect(await who('/two')).toEqual(['config', true, false, 'yes']);
  expect(await who('/one')).toEqual(['service', false, true, 'yes']);
  // Also where no route is.
  expect(await who('/nowhere')).toEqual([undefined, false, false, 'yes']);
  await proxy.put('services/s', { upstream: { nodes: [upstream.node] }, plugins: says('service now') });
  expect(await who('/one')).toEqual(['service now', false, false, 'yes']);
  await proxy.put('global_rules/g', undefined);
  expect((await who('/one')).at(-1)).toBeUndefined();
});

test.each([
  ['service', { service_id: 'gone' }, 404],
  ['plugin config', { plugin_config_id: 'gone' }, 503],
  ['upstream', { upstream_id: 'gone' }, 502],
])('a %s that is not there: as APISIX answers', async (_what, names, status) => {
  await using proxy = await startProxy([], { route: { uri: '/none' } });
  await proxy.put('routes/r', { uri: '/r', ...names });
  expect((await ask(proxy.port, { path: '/r' })).status).toBe(status);
});

test('routes without hosts stand under those of their service, and move with them', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  await using proxy = await startProxy([upstream.node], { route: { uri: '/none' } });
  await proxy.put('routes/r', { uri: '/r', service_id: 's' });
  const at = async (host: string): Promise<number> => (await ask(proxy.port, { path: '/r', headers: { host } })).status;
  expect(await at('a.com')).toBe(404);
  await proxy.put('services/s', { hosts: ['A.com'], upstream: { nodes: [upstream.node] } });
  expect([await at('a.com'), await at('b.com')]).toEqual([200, 404]);
  await proxy.put('services/s', { hosts: ['*.b.com'], upstream: { nodes: [upstream.node] } });
  expect([await at('a.com'), await at('x.b.com')]).toEqual([404, 200]);
  await proxy.put('services/s', { upstream: { nodes: [upstream.node] } });
  expect(await at('c.com')).toBe(200);
});
