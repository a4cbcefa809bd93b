/** Changes of keys at one revision, by a client of npm `etcd3`. */
import type { DeleteBuilder, Etcd3, PutBuilder } from 'etcd3';
import type { Change } from './layout.ts';

/** etcd allows 128 operations in one transaction. */
const keysPerTransaction = 100;

/** Resolves with etcd's revision. A single change is a request of its own, as an operator makes it. */
export async function commitChanges(client: Etcd3, changes: readonly Change[]): Promise<string> {
  const [first, ...more] = operationsOf(client, changes);
  if (first === undefined) throw new RangeError('there is nothing to change');
  const { header } = more.length === 0 ? await first.exec() : await inOne(client, [first, ...more]).commit();
  return header.revision;
}

/** In one transaction, of which etcd takes at most 128; resolves with its revision. */
export async function commitTogether(client: Etcd3, changes: readonly Change[]): Promise<string> {
  const { header } = await inOne(client, operationsOf(client, changes)).commit();
  return header.revision;
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

type Operation = DeleteBuilder | PutBuilder;

function operationsOf(client: Etcd3, changes: readonly Change[]): readonly Operation[] {
  return changes.map(({ key, value }) =>
    value === undefined ? client.delete().key(key) : client.put(key).value(value),
  );
}

/** Whatever etcd holds. */
function inOne(client: Etcd3, operations: readonly Operation[]): ReturnType<Etcd3['if']> {
  return client.if('\0', 'Create', '==', 0).then(...operations);
}
