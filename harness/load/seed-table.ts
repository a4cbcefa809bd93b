/** Writes the route table of a trial to etcd before the gateway has to serve it. */
import { Etcd3 } from 'etcd3';
import { etcdAccess } from '../model/etcd-access.ts';
import { commitTogether } from '../model/etcd-changes.ts';
import type { Change } from '../model/layout.ts';
import type { RouteTable, TestRoute } from '../model/route-table.ts';
import type { Written } from './writer.ts';

/** etcd allows 128 operations in one transaction. */
const keysPerTransaction = 100;

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

/** As many routes as one transaction holds by their keys; no route is torn apart. */
export function inTransactions<T>(
  routes: readonly T[],
  keysOf: (route: T) => readonly Change[],
): readonly (readonly T[])[] {
  const [first] = routes;
  const most = first === undefined ? 1 : Math.max(1, Math.floor(keysPerTransaction / keysOf(first).length));
  return Array.from({ length: Math.ceil(routes.length / most) }, (_, index) =>
    routes.slice(index * most, (index + 1) * most),
  );
}
