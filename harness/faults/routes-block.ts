/**
 * `routes.block`: routes are blocked by the Admin API of the gateway, one click after the other, and opened again at heal. Each is
 * followed as a config write: every worker of every gateway has to refuse it, and to serve it again.
 */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { FaultContext, Injector, TrialRoutes } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { countKeys } from './etcd-keys.ts';

type Block = Extract<Fault, { kind: 'routes.block' }>;

/** Milliseconds for one answer. */
const answerMs = 3_000;

export const routesBlock: Injector<Block> = {
  about: {
    hop: 'harness->gateway',
    does: 'routes of the ballast are blocked by the Admin API of the gateway, and opened again at heal',
    proof: 'the Admin API has acknowledged each; said is how many of its blocks etcd holds',
  },
  writes: ({ routes }) => ({ count: 2 * routes, keys: 'the blocks of the Admin API' }),
  asks: () => ['blocks'],
  unsupported: (_fault, { gateway, driver }) =>
    gateway.admin === undefined ? `${driver.name} serves no Admin API in this trial` : undefined,
  prepare: async () => undefined,

  async inject({ routes: count }, world, context) {
    const routes = routesOf(context);
    const atMs = performance.now();
    await clicking(world, context, async (click) => {
      for (const [index, { id, path }] of routes.ballast.slice(0, count).entries())
        await routes.write(id, null, () => click('POST', path, index));
    });
    return { tookMs: performance.now() - atMs };
  },

  async verify({ routes }, world, { tookMs = 0 }) {
    return `${routes} blocks were acknowledged within ${tookMs.toFixed(0)} ms; etcd holds ${await stored(world)}`;
  },

  async heal({ routes: count }, world, context) {
    const routes = routesOf(context);
    await clicking(world, context, async (click) => {
      for (const [index, { id, path, seq }] of routes.ballast.slice(0, count).entries())
        await routes.write(id, seq, () => click('DELETE', path, index));
    });
  },

  /** Whether what it has acknowledged is true, oracles decide. */
  async verifyHealed(_fault, world) {
    return `every block was acknowledged to be lifted; etcd holds ${await stored(world)}`;
  },
};

/** By turns of the path on every host, and on one. Resolves with a revision of etcd by which it is done, if that is true. */
type Click = (method: 'POST' | 'DELETE', path: string, index: number) => Promise<string>;

function clicking(world: World, context: FaultContext, act: (click: Click) => Promise<void>): Promise<void> {
  return withEtcd(world, (client) =>
    act(async (method, path, index) => {
      const { hostname } = world.gateway.traffic;
      await ask(world, context, method, index % 2 === 0 ? { uri: path } : { host: hostname, uri: path });
      return (await client.getAll().prefix('\0').limit(1).exec()).header.revision;
    }),
  );
}

async function ask({ gateway }: World, { signal }: FaultContext, method: string, wish: object): Promise<void> {
  const { admin } = gateway;
  if (admin === undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', 'the gateway serves no Admin API');
  const answer = await fetch(new URL('/apisix/admin/block', admin.url), {
    method,
    headers: { 'x-api-key': admin.key, 'content-type': 'application/json' },
    body: JSON.stringify(wish),
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
  });
  const text = await answer.text();
  // What is open was lifted before.
  if (answer.ok || (method === 'DELETE' && answer.status === 404)) return;
  const words = `the Admin API answered ${method} of a block with ${answer.status}: ${text}`;
  throw new HarnessError('FAULT_NOT_CONFIRMED', words);
}

function stored(world: World): Promise<number> {
  const [first] = world.driver.object(world.prefix, 'blocks/', null) ?? [];
  return first === undefined ? Promise.resolve(0) : countKeys(world, [first.key]);
}

function routesOf({ routes }: FaultContext): TrialRoutes {
  if (routes === undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', 'only a trial has ballast to block');
  return routes;
}
