/** Writes the route table of a trial to etcd before the gateway has to serve it. */
import { Etcd3 } from 'etcd3';
import { etcdAccess } from '../model/etcd-access.ts';
import type { RouteTable, TestRoute } from '../model/route-table.ts';
import type { Written } from './writer.ts';

/** etcd allows 128 operations in one transaction. */
export const routesPerTransaction = 100;

/** Rejects when etcd refuses a part of it. */
export async function seedTable(world: Written, table: RouteTable, signal: AbortSignal): Promise<void> {
  const client = new Etcd3(etcdAccess(world));
  try {
    const { initial } = table;
    for (let start = 0; start < initial.length; start += routesPerTransaction) {
      signal.throwIfAborted();
      await write(client, world, initial.slice(start, start + routesPerTransaction));
    }
  } finally {
    client.close();
  }
}

async function write(client: Etcd3, world: Written, routes: readonly TestRoute[]): Promise<void> {
  const puts = routes.map((route) => {
    const { key, value } = world.driver.route(world.prefix, { ...route, upstream: world.upstream });
    return client.put(key).value(value);
  });
  await client
    .if('\0', 'Create', '==', 0)
    .then(...puts)
    .commit();
}
