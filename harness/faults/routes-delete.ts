/**
 * `routes.delete-all`, `routes.prefix-delete`: the ballast of the table is gone, as after a slip of an operator, and comes
 * back at heal. Twenty of its routes are followed as config writes: they have to vanish everywhere, and to come back.
 */
import type { Etcd3 } from 'etcd3';
import { HarnessError } from '../model/errors.ts';
import { commitChanges } from '../model/etcd-changes.ts';
import { type RouteKeys, deleted, keyStarts } from '../model/layout.ts';
import type { FaultContext, Injector, TrialRoutes } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import type { TestRoute } from '../model/route-table.ts';
import type { Fault } from '../../scenarios/scenario.ts';
import { withEtcd } from './etcd-client.ts';
import { countKeys, deleteKeys } from './etcd-keys.ts';
import { untilProven } from './until.ts';

type Delete = Extract<Fault, { kind: 'routes.delete-all' | 'routes.prefix-delete' }>;

/** More would turn the probes that follow them into load. */
const followed = 20;
/** Requests under way at one time. */
const together = 50;

const routesDelete: Injector<Delete> = {
  about: {
    hop: 'harness->etcd',
    does: 'the ballast of the table is deleted behind the back of the gateway, and comes back at heal',
    proof: 'etcd holds none of it',
  },
  writes: ({ kind }, { ballast, route }) => ({
    count: (kind === 'routes.delete-all' ? ballast : 1) + ballast,
    keys: `${route('ballast-0')[0].key} … ${ballast - 1}`,
  }),
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject({ kind }, world, context) {
    const routes = routesOf(context);
    const were = await routesThere(world);
    await withEtcd(world, (client) =>
      kind === 'routes.delete-all' ? deleteEach(client, world, routes) : deletePrefix(world, routes),
    );
    return { were };
  },

  verify(_fault, world, before, { signal }) {
    let left = 0;
    const look = async (): Promise<string | undefined> => {
      left = await routesThere(world);
      return left === 0 && (before['were'] ?? 0) > 0 ? `${before['were']} routes are gone from etcd` : undefined;
    };
    return untilProven(look, () => `${left} of ${before['were']} routes are in etcd`, signal);
  },

  async heal(_fault, world, context) {
    const routes = routesOf(context);
    const put = (client: Etcd3) => (route: TestRoute, index: number) => {
      const revision = (): Promise<string> => commitChanges(client, keysOfRoute(world, route));
      return index < followed ? routes.write(route.id, route.seq, revision) : revision();
    };
    await withEtcd(world, (client) => someAtOnce(routes.ballast, put(client)));
  },

  async verifyHealed(_fault, world, context) {
    const [there, all] = [await routesThere(world), routesOf(context).ballast.length];
    if (there < all) throw new HarnessError('HEAL_FAILED', `${Math.floor(there)} of ${all} routes are back in etcd`);
    return `all ${all} routes are back in etcd`;
  },
};

/** The two differ in how they delete. */
export const routesDeletes: {
  readonly 'routes.delete-all': Injector<Delete>;
  readonly 'routes.prefix-delete': Injector<Delete>;
} = {
  'routes.delete-all': routesDelete,
  'routes.prefix-delete': {
    ...routesDelete,
    about: {
      ...routesDelete.about,
      does: 'the ballast of the table is deleted in one request by its prefix, one revision, and comes back at heal',
    },
  },
};

/** A revision for each. */
function deleteEach(client: Etcd3, world: World, routes: TrialRoutes): Promise<void> {
  return someAtOnce(routes.ballast, (route, index) => {
    const revision = (): Promise<string> => commitChanges(client, deleted(keysOfRoute(world, route)));
    return index < followed ? routes.write(route.id, null, revision) : revision();
  });
}

/** One revision for all. */
async function deletePrefix(world: World, routes: TrialRoutes): Promise<void> {
  let asked: Promise<string> | undefined;
  const once = (): Promise<string> => (asked ??= deleteKeys(world, keysOf(world)));
  await Promise.all([...routes.ballast.slice(0, followed).map(({ id }) => routes.write(id, null, once)), once()]);
}

async function someAtOnce<T>(items: readonly T[], act: (item: T, index: number) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += together)
    await Promise.all(items.slice(start, start + together).map((item, offset) => act(item, start + offset)));
}

function routesOf({ routes }: FaultContext): TrialRoutes {
  if (routes === undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', 'only a trial has ballast to delete');
  return routes;
}

function keysOfRoute({ driver, prefix, upstream }: World, route: TestRoute): RouteKeys {
  return driver.route(prefix, { ...route, upstream });
}

/** Routes of the ballast that are in etcd, by their keys; broken when one has lost a part of them. */
async function routesThere(world: World): Promise<number> {
  const keysOfOne = keysOfRoute(world, { id: 'ballast-0', path: '/', seq: 0 }).length;
  return (await countKeys(world, keysOf(world))) / keysOfOne;
}

/** Of all ballast; the number follows. */
function keysOf({ driver, prefix }: World): readonly string[] {
  return keyStarts(driver, prefix, 'ballast-');
}
