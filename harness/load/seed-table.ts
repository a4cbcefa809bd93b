/** Writes the route table of a trial to etcd before the gateway has to serve it. */
import { Etcd3 } from 'etcd3';
import { etcdAccess } from '../model/etcd-access.ts';
import { commitTogether, inTransactions } from '../model/etcd-changes.ts';
import type { Change } from '../model/layout.ts';
import type { RouteTable, TestRoute } from '../model/route-table.ts';
import type { Written } from './writer.ts';

/** Rejects when etcd refuses a part of it. */
export async function seedTable(world: Written, table: RouteTable, signal: AbortSignal): Promise<void> {
  const client = new Etcd3(etcdAccess(world));
  const keysOf = (route: TestRoute): readonly Change[] =>
    world.driver.route(world.prefix, { ...route, upstream: world.upstream });
  try {
    for (const routes of inTransactions(table.initial, keysOf)) {
      signal.throwIfAborted();
      await commitTogether(client, routes.flatMap(keysOf));
    }
  } finally {
    client.close();
  }
}
