/** Hosts move from the static configuration to etcd and back, seen by clients who ask for them all the time. */
import { readFileSync } from 'node:fs';
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { injectorOf } from '../../../../harness/faults/index.ts';
import type { GatewayFault } from '../../../../scenarios/gateway-faults.ts';
import { ask, until } from '../../../support/http.ts';
import { play, startWholeWorld } from '../../../support/whole-world.ts';

const toEtcd: GatewayFault = { kind: 'gateway.migrate', to: 'etcd' };
const toStatic: GatewayFault = { kind: 'gateway.migrate', to: 'static' };
const never = new AbortController().signal;

test('two hosts move and come back, and no request for them fails meanwhile', async () => {
  await using whole = await startWholeWorld([toEtcd], '', {}, undefined, { static: 2 });
  const { world, routes, recorder } = whole;
  const port = Number(world.gateway.traffic.port);
  const get = async (host: string, path: string): Promise<string> => {
    const { status, body } = await ask(port, { path, headers: { host } });
    return status === 200 ? body : String(status);
  };
  using undo = new DisposableStack();
  const client = new Etcd3({ hosts: world.etcd.origin });
  undo.defer(() => client.close());
  const stored = async (): Promise<readonly string[]> =>
    Object.keys(await client.getAll().prefix(`${world.prefix}/routes/`).strings());
  const servers = (): number =>
    (JSON.parse(readFileSync(world.staticHosts?.file ?? '', 'utf8')) as { readonly servers: readonly unknown[] })
      .servers.length;
  await until(() => world.gateway.ready(never), 'the gateway is ready');
  expect([servers(), (await stored()).includes(`${world.prefix}/routes/settled-2`)]).toEqual([2, false]);
  expect([await get('host-2.test', '/settled/2'), await get('host-2.test', '/moved/2')]).toEqual(['/seq/3', '404']);

  const stop = new AbortController();
  const answers = new Set<string>();
  const asking = (async () => {
    while (!stop.signal.aborted) answers.add(await get('host-3.test', '/settled/3').catch(String));
  })();
  const moved = await play(toEtcd, world, 0, 60_000, routes);
  expect(moved.proof).toMatch(/^processes \d+, \d+ were replaced by \d+, \d+ within \d+ ms$/);
  expect([servers(), (await stored()).includes(`${world.prefix}/routes/settled-2`)]).toEqual([0, true]);
  expect([await get('host-2.test', '/settled/2'), await get('host-2.test', '/moved/2')]).toEqual(['/seq/3', '/seq/3']);
  await moved.heal();
  expect(servers()).toBe(0);

  const back = await play(toStatic, world, 1, 60_000, routes);
  expect(back.proof).toMatch(/^processes \d+, \d+ were replaced by \d+, \d+ within \d+ ms$/);
  expect([servers(), (await stored()).includes(`${world.prefix}/routes/moved-2`)]).toEqual([2, false]);
  expect([await get('host-2.test', '/settled/2'), await get('host-2.test', '/moved/2')]).toEqual(['/seq/3', '404']);
  stop.abort();
  await asking;
  expect([...answers]).toEqual(['/seq/4']);
  const told = recorder.history.flatMap((o) => (o.kind === 'write' && o.edge === 'ok' ? [`${o.route} ${o.seq}`] : []));
  expect(told).toEqual(['moved-2 3', 'moved-3 4', 'moved-2 null', 'moved-3 null']);
});

test('where no host stands in the static configuration, nothing can move', async () => {
  await using whole = await startWholeWorld();
  expect(whole.world.staticHosts).toBeUndefined();
  expect(injectorOf(toEtcd).unsupported(toEtcd, whole.world)).toBe('no host stands in the static configuration');
});
