/**
 * The route table as somebody has it who keeps the configuration elsewhere too: after etcd has lost a part of it, what was
 * acknowledged is written again. These are writes of the trial like any other, so what was last written stays what has to
 * be served, and their revisions are those of the history that etcd has now.
 */
import { Etcd3 } from 'etcd3';
import { etcdAccess } from '../model/etcd-access.ts';
import { commitTogether, inTransactions } from '../model/etcd-changes.ts';
import type { Recorder } from '../model/history.ts';
import type { KeptTable } from '../model/etcd.ts';
import { type Change, deleted } from '../model/layout.ts';
import { type Acknowledged, type RouteTable, companionOf } from '../model/route-table.ts';
import type { Written } from './writer.ts';

const answerWithinMs = 3_000;

export function keepTable(world: Written, table: RouteTable, recorder: Recorder): KeptTable {
  return {
    writeAgain: (signal) =>
      alone(world, table, async (client) => {
        const acknowledged = everInEtcd(table);
        for (const routes of inTransactions(acknowledged, (route) => laidOut(world, route))) {
          signal.throwIfAborted();
          await write(client, world, routes, table, recorder);
        }
        return acknowledged.length;
      }),
    missing: () =>
      alone(world, table, async (client) => {
        const { kvs } = await client.getAll().prefix(world.driver.root(world.prefix)).exec();
        const stored = new Map(kvs.map(({ key, value }) => [String(key), String(value)]));
        return everInEtcd(table)
          .filter((route) => !isStored(stored, world, table, route))
          .map(({ id }) => id);
      }),
  };
}

/** All but what stands in the static configuration alone: with a host that moves to etcd come routes that are written. */
function everInEtcd(table: RouteTable): readonly Acknowledged[] {
  const moved = table.fixed.some(({ id }) => table.written(companionOf(id)));
  const fixed = new Set(moved ? [] : table.fixed.map(({ id }) => id));
  return table.acknowledged.filter(({ id }) => !fixed.has(id));
}

function alone<T>(world: Written, table: RouteTable, act: (client: Etcd3) => Promise<T>): Promise<T> {
  return table.changes.alone(async () => {
    const client = new Etcd3({
      ...etcdAccess(world),
      grpcOptions: { 'grpc.max_receive_message_length': -1 },
      defaultCallOptions: () => ({ deadline: Date.now() + answerWithinMs }),
    });
    try {
      return await act(client);
    } finally {
      client.close();
    }
  });
}

async function write(
  client: Etcd3,
  world: Written,
  routes: readonly Acknowledged[],
  table: RouteTable,
  recorder: Recorder,
): Promise<void> {
  for (const { id, seq } of routes) recorder.record({ kind: 'write', route: id, seq, edge: 'invoke', again: true });
  const revision = await commitTogether(
    client,
    routes.flatMap((route) => laidOut(world, route)),
  );
  for (const { id, seq } of routes) {
    recorder.record({ kind: 'write', route: id, seq, edge: 'ok', revision, again: true });
    table.writtenAgain(id);
  }
}

/** A route with a write of unknown outcome may be in either state. */
function isStored(
  stored: ReadonlyMap<string, string>,
  world: Written,
  table: RouteTable,
  route: Acknowledged,
): boolean {
  const isThere = ({ key, value }: Change): boolean => stored.get(key) === value;
  return laidOut(world, route).every(isThere) || table.isUncertain(route.id);
}

function laidOut(world: Written, { storedId, seq, ...at }: Acknowledged): readonly Change[] {
  const { driver, prefix, upstream } = world;
  const keys = driver.route(prefix, { ...at, id: storedId, seq: seq ?? 0, upstream });
  return seq === null ? deleted(keys) : keys;
}
