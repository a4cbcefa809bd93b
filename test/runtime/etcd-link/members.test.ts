/** The link before three members of etcd: its connections are spread over them, and go to those that are there. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectLink } from '../../../harness/etcd-link/client.ts';
import { linkWorkload } from '../../../harness/etcd-link/workload.ts';
import { moveLeader } from '../../../harness/faults/etcd-leadership.ts';
import type { EtcdLink } from '../../../harness/model/etcd-link.ts';
import { freePort } from '../../support/etcd.ts';
import { putBy, readBy, toldBy } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { type JsonWatch, openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { watchPrefix } from '../../support/link.ts';
import { type TrialWorld, startTrialWorld } from '../../support/trial-world.ts';

const signal = AbortSignal.timeout(120_000);
let started: TrialWorld;
let link: EtcdLink & Disposable;

beforeAll(async () => {
  started = await startTrialWorld({ members: 3 });
  const { world } = started;
  const listen = new URL(`http://127.0.0.1:${await freePort()}`);
  const control = new URL(`http://127.0.0.1:${await freePort()}`);
  const upstreams = world.members.map(({ client }) => client);
  await world.launch(linkWorkload({ listen, control, upstreams }), signal);
  link = connectLink(control, listen);
  await until(async () => (await readBy(listen, '/any'))[0] === 200, 'the link serves');
});

afterAll(async () => {
  link[Symbol.dispose]();
  await started[Symbol.asyncDispose]();
});

const watching = (): JsonWatch => openJsonWatch(link.address, [{ create_request: prefixRange('/members/') }]);

/** Watches that each member holds, by its own count. */
async function watchers(): Promise<readonly number[]> {
  return Promise.all(
    started.world.members.map(async ({ client }) => {
      const text = await fetch(new URL('/metrics', client)).then((answer) => answer.text());
      return Number(/^etcd_debugging_mvcc_watcher_total (\d+)$/m.exec(text)?.[1]);
    }),
  );
}

/** Makes that member the leader: the worst one to lose, as nobody serves until another is elected. */
async function lead(name: string): Promise<void> {
  const { members } = started.world;
  const client = members.find((member) => member.name === name)?.client ?? started.world.etcd;
  await until(async () => {
    const told = await toldBy(client);
    if (told?.leader === told?.id) return told !== undefined;
    await moveLeader(
      members.map((member) => member.client),
      signal,
    );
    return false;
  }, `${name} leads`);
}

test('connections are spread over the members; those of one that is gone end, the others live, new ones go past it', async () => {
  const watches = [watching(), watching(), watching()];
  await until(() => watches.every(({ lines }) => lines.length === 1), 'the watches are there');
  expect(await watchers()).toEqual([1, 1, 1]);
  const { world } = started;
  await lead('etcd-2');
  await world.stop('etcd-2');
  let ended = 0;
  for (const watch of watches) void watch.ended.then(() => ended++);
  await until(() => ended === 1, 'one watch has ended');
  await until(async () => (await readBy(world.etcd, '/any'))[0] === 200, 'another leads');
  // Every member has its turn to be tried first.
  for (let times = 0; times < 6; times++) expect(await putBy(link.address, `/members/${times}`, 'x')).toBe(200);
  await until(() => watches.filter((watch) => watch.events().length === 6).length === 2, 'the others go on');
  expect(ended).toBe(1);
  using grpc = watchPrefix(link.address, '/members/', 1);
  await until(() => grpc.keys.length === 6, 'gRPC goes past it, too');
  for (const watch of watches) watch[Symbol.dispose]();
  await world.restart('etcd-2', signal);
  await until(
    async () => (await readBy(world.members[1]?.client ?? world.etcd, '/members/0'))[1] === 'x',
    'it is back',
  );
});

test('where no member is there a connection ends, as it does at an etcd that is gone', async () => {
  const { world } = started;
  await Promise.all(world.members.map(({ name }) => world.stop(name)));
  const socket = connect(Number(link.address.port), link.address.hostname);
  socket.on('error', () => undefined);
  socket.write('GET /version HTTP/1.1\r\nhost: etcd\r\n\r\n');
  socket.resume();
  await once(socket, 'close', { signal });
  await until(async () => (await link.counters()).json.connectionsOpen === 0, 'the link has closed it, too');
  await Promise.all(world.members.map(({ name }) => world.restart(name, signal)));
  await until(async () => (await putBy(link.address, '/members/back', 'x')) === 200, 'all are back');
});
