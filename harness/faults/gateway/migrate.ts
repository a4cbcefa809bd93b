/** `gateway.migrate`: hosts move between the static configuration of the gateway and etcd, under load. */
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import { commitTogether } from '../../model/etcd-changes.ts';
import { type RouteKeys, deleted } from '../../model/layout.ts';
import type { FaultContext, Injector, TrialRoutes } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { type TestRoute, companionOf } from '../../model/route-table.ts';
import { withEtcd } from '../etcd-client.ts';
import { runs } from './processes.ts';
import { askForReload, untilReplaced } from './reload.ts';

type Migrate = Extract<GatewayFault, { kind: 'gateway.migrate' }>;

/** Of the routes that come with the hosts; more would turn the probes that follow them into load. */
const followed = 20;

export const gatewayMigrate: Injector<Migrate> = {
  about: {
    hop: 'gateway',
    does: 'hosts move from the static configuration of the gateway to etcd, or back, and it is told to reload',
    proof: 'the host knows new processes, and says how many of the old ones are left',
  },
  writes: ({ to }, { fixed, route }) => ({
    count: (to === 'etcd' ? fixed : 0) + Math.min(followed, fixed),
    keys: `${route('settled-')[0].key}…, ${route('moved-')[0].key}…`,
  }),
  asks: () => ['static-hosts'],
  unsupported: (_fault, { staticHosts, gateway, driver }) => {
    if (staticHosts === undefined) return 'no host stands in the static configuration';
    return gateway.reloadSignal === undefined ? `${driver.name} cannot be told to reload` : undefined;
  },
  prepare: async () => undefined,

  async inject({ to }, world, context) {
    const routes = routesOf(context);
    // As an operator does it: what is to be served is there before it is asked for, and goes when nobody asks any more.
    if (to === 'etcd') await moveIn(world, routes);
    world.staticHosts?.write(to === 'etcd' ? [] : routes.fixed);
    const before = askForReload(world);
    if (to === 'static') await moveOut(world, routes);
    return before;
  },

  verify: (_fault, world, before, context) => untilReplaced(world, before, context),

  /** What has moved stays where it is. */
  heal: async () => undefined,
  verifyHealed: async (_fault, world) => runs(world),
};

/** Host after host, each with all of its routes at one revision. */
function moveIn(world: World, routes: TrialRoutes): Promise<void> {
  return withEtcd(world, async (client) => {
    for (const [index, route] of routes.fixed.entries()) {
      const own = keysOf(world, route);
      const both = (): Promise<string> => commitTogether(client, [...own, ...keysOf(world, companion(route))]);
      if (index < followed) await routes.write(companion(route).id, route.seq, both);
      else await commitTogether(client, own);
    }
  });
}

/** The hosts' own routes stay: the static configuration is asked first. */
function moveOut(world: World, routes: TrialRoutes): Promise<void> {
  return withEtcd(world, async (client) => {
    for (const route of routes.fixed.slice(0, followed).map(companion))
      await routes.write(route.id, null, () => commitTogether(client, deleted(keysOf(world, route))));
  });
}

/** It answers with the number of the route that it comes with. */
function companion(route: TestRoute): TestRoute {
  const id = companionOf(route.id);
  return { ...route, id, path: `/${id.replace('-', '/')}` };
}

function keysOf({ driver, prefix, upstream }: World, route: TestRoute): RouteKeys {
  return driver.route(prefix, { ...route, upstream });
}

function routesOf({ routes }: FaultContext): TrialRoutes {
  if (routes === undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', 'only a trial has hosts to move');
  return routes;
}
