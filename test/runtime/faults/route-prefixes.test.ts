/** Odd prefixes: a gateway below one follows its own routes, whatever those of others beside it are called. */
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EchoUpstream, startEcho, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';
import { type TrialWorld, startTrialWorld } from '../../support/trial-world.ts';

let started: TrialWorld;
let echo: EchoUpstream;
let client: Etcd3;

beforeAll(async () => {
  [started, echo] = [await startTrialWorld(), await startEcho()];
  client = new Etcd3({ hosts: started.world.etcd.origin });
});

afterAll(async () => {
  client.close();
  await Promise.all([echo, started].map((each) => each[Symbol.asyncDispose]()));
});

/** Writes the route `id` at `/<id>`. Resolves with its key. */
async function put(prefix: string, id: string): Promise<string> {
  const upstream = new URL(`http://${echo.node}`);
  const [{ key, value }] = started.world.driver.route(prefix, { id, path: `/${id}`, seq: 7, upstream });
  await client.put(key).value(value);
  return key;
}

test.each(['/a-b', '/a.b', '/100%2F', '/[gw]', '/网关', '/a b', '/a/b/__proto__', `/${'x'.repeat(300)}`])(
  'under the prefix %s a gateway follows its own routes and no others',
  async (prefix) => {
    await put('/apisix', 'usual');
    await using gateway = await startGateway({ etcd: started.world.etcd, prefix });
    await until(() => gateway.ready(), 'the gateway is ready');
    await put(`${prefix}2`, 'other');
    const mine = await put(prefix, 'mine');
    await until(async () => (await gateway.get('/mine')) === '200 /seq/7', 'its route is served');
    expect([await gateway.get('/other'), await gateway.get('/usual')].map((answer) => answer.slice(0, 3))).toEqual([
      '404',
      '404',
    ]);
    await client.delete().key(mine);
    await until(async () => (await gateway.get('/mine')).startsWith('404'), 'its route is gone');
  },
);
