/** `watch.crowd`: many more watchers of the routes, where the gateway's own workers connect. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { Storm, watchersCannotLogIn } from './storm/launch.ts';
import { untilProven } from './until.ts';

type Crowd = Extract<Fault, { kind: 'watch.crowd' }>;

const storm = new Storm('watch-crowd');
/** Of etcd and of the process that is the crowd, for all else that they have open. */
const otherFiles = 100;

export const watchCrowd: Injector<Crowd> = {
  about: {
    hop: 'crowd->etcd',
    does: 'many more watchers of the routes, where the workers of the gateway connect',
    proof: 'etcd, or the watch proxy before it, counts them all',
    needs: 'a file that a process may have open for each watcher',
  },

  lacks({ openFiles }, fault) {
    const needed = (fault?.watchers ?? 1) + otherFiles;
    return openFiles >= needed
      ? undefined
      : `a process may have ${openFiles} files open here (ulimit -Hn), ${needed} are needed`;
  },

  unsupported: (_fault, world) => watchersCannotLogIn(world),

  async prepare({ watchers }, world, context) {
    // Past the link, which is an instrument: a thousand connections through it would measure the link.
    const proxy = world.gateway.watchProxy;
    await storm.prepare(world, context, {
      ...(proxy === undefined ? {} : { etcd: [proxy.url.origin] }),
      watchers: { count: watchers, prefix: world.driver.root(world.prefix) },
    });
  },

  async inject(_fault, world, context) {
    const { served, atEtcd } = await watches(world, context.signal);
    storm.release(world, context);
    return { served, atEtcd };
  },

  verify({ watchers }, world, before, { signal }) {
    let shown = 'nobody told how many watch';
    const look = async (): Promise<string | undefined> => {
      const { by, served, atEtcd } = await watches(world, signal);
      const more = served - (before['served'] ?? 0);
      shown = `${by} serves ${served} watches (+${more}); etcd holds ${atEtcd}`;
      return more >= watchers ? shown : undefined;
    };
    return untilProven(look, () => `${shown}; planned were +${watchers}`, signal, 200);
  },

  heal: (_fault, world, context) => storm.end(world, context),
  verifyHealed: async (_fault, world, context) => storm.verifyEnded(world, context),
};

interface Watches {
  readonly by: string;
  /** At whom the gateway's workers watch. */
  readonly served: number;
  readonly atEtcd: number;
}

async function watches(world: World, signal: AbortSignal): Promise<Watches> {
  const { gateway } = world;
  const { watchers: atEtcd } = await etcdMetrics(world, signal);
  if (gateway.watchProxy === undefined) return { by: 'etcd', served: atEtcd, atEtcd };
  const text = await (await fetch(gateway.watchProxy.metrics, { signal })).text();
  const counts = [...text.matchAll(/^watch_proxy_watchers(?:\{[^}]*\})? (\d+)$/gm)].map((match) => Number(match[1]));
  return { by: 'the watch proxy', served: counts.reduce((sum, count) => sum + count, 0), atEtcd };
}
