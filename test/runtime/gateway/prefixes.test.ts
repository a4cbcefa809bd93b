/** Several gateway groups on one etcd: each sees its own prefix, and nothing of its neighbours' bad days. */
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { type EchoUpstream, routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';

let etcd: TestEtcd;
let echo: EchoUpstream;
let client: Etcd3;

beforeAll(async () => {
  etcd = await startEtcd();
  echo = await startEcho();
  client = new Etcd3({ hosts: etcd.url.origin });
});

afterAll(async () => {
  client.close();
  await echo[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

test.each(['/a-b', '/a.b', '/a%2Fb', '/a[b]', '/a/b/c', '/ü', '/a b'])(
  'the prefix %s is taken as it is written',
  async (prefix) => {
    await client.put(`${prefix}/routes/r.1-x_y`).value(routeTo(echo, '/mine', 5));
    // What begins alike is another's.
    await client.put(`${prefix}2/routes/r`).value(routeTo(echo, '/neighbour', 6));
    await using gateway = await startGateway({ etcd: etcd.url, prefix });
    await until(() => gateway.ready(), 'the gateway is ready');
    expect(await gateway.get('/mine')).toBe('200 /seq/5');
    expect(await gateway.get('/neighbour')).toMatch(/^404/);
    await client.put(`${prefix}/routes/later`).value(routeTo(echo, '/later', 7));
    await expect.poll(() => gateway.get('/later')).toBe('200 /seq/7');
  },
);

test('poison and a flood in one group leave another without a change, a refusal or a failed request', async () => {
  await client.put('/group-a/routes/r').value(routeTo(echo, '/a', 1));
  await client.put('/group-b/routes/r').value(routeTo(echo, '/b', 2));
  await using hurt = await startGateway({ etcd: etcd.url, prefix: '/group-a' });
  await using calm = await startGateway({ etcd: etcd.url, prefix: '/group-b' });
  await until(async () => (await hurt.ready()) && (await calm.ready()), 'both are ready');
  const before = await calm.metric('gateway_config_changes_total');
  const answers = new Set<string>();
  const flooded = new AbortController();
  const asking = (async () => {
    while (!flooded.signal.aborted) answers.add(await calm.get('/b'));
  })();
  for (let index = 0; index < 400; index++) {
    const value = index % 4 === 0 ? '{"uri":null}' : routeTo(echo, `/flood/${index}`, index);
    await client.put(`/group-a/routes/flood-${index}`).value(value);
  }
  await expect.poll(() => hurt.get('/flood/399')).toBe('200 /seq/399');
  flooded.abort();
  await asking;
  expect([...answers]).toEqual(['200 /seq/2']);
  expect(await calm.metric('gateway_config_changes_total')).toBe(before);
  expect(await calm.metric('gateway_config_rejected_items')).toBe(0);
  expect(await hurt.metric('gateway_config_rejected_items')).toBe(100);
});
