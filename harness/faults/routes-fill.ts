/** `routes.fill`: a larger table, written in transactions and deleted at once. What it costs to follow changes shows beside it. */
import type { Fault } from '../../scenarios/scenario.ts';
import { commitTogether, inTransactions } from '../model/etcd-changes.ts';
import { filledRoute, filledStart } from '../model/filled-routes.ts';
import { type RouteKeys, keyStarts } from '../model/layout.ts';
import type { FaultContext, Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { countKeys, deleteKeys, untilNoKey } from './etcd-keys.ts';
import { untilProven } from './until.ts';

type Fill = Extract<Fault, { kind: 'routes.fill' }>;

/** More would turn the probes that follow them into load. */
const mostFollowed = 20;

interface Filled {
  readonly id: string;
  readonly seq: number;
  readonly keys: RouteKeys;
}

export const routesFill: Injector<Fill> = {
  about: {
    hop: 'harness->etcd',
    does: 'so many more routes are in the table, each a path of its own, and all are deleted at once at heal',
    proof: 'all of them are counted in etcd',
  },
  writes: ({ routes }, { step, route }) => ({
    count: routes + 1,
    keys: `${route(filledRoute(step, 0))[0].key} … ${routes - 1}`,
  }),
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject({ routes }, world, context) {
    const all = Array.from({ length: routes }, (_, index) => routeOf(world, context, index));
    const followed = new Set(followedOf(all));
    await withEtcd(world, async (client) => {
      for (const some of inTransactions(all, ({ keys }) => keys)) {
        context.signal.throwIfAborted();
        let asked: Promise<string> | undefined;
        const changes = some.flatMap(({ keys }) => keys);
        const once = (): Promise<string> => (asked ??= commitTogether(client, changes));
        const told = some.filter((each) => followed.has(each));
        await Promise.all([...told.map(({ id, seq }) => context.routes?.write(id, seq, once)), once()]);
      }
    });
    return {};
  },

  verify({ routes }, world, _before, context) {
    let there = 0;
    const look = async (): Promise<string | undefined> => {
      there = await routesThere(world, context);
      return there === routes ? `${routes} more routes are in etcd` : undefined;
    };
    return untilProven(look, () => `${Math.floor(there)} of ${routes} more routes are in etcd`, context.signal);
  },

  async heal({ routes }, world, context) {
    let asked: Promise<string> | undefined;
    const once = (): Promise<string> => (asked ??= deleteKeys(world, keysOf(world, context)));
    const all = Array.from({ length: routes }, (_, index) => filledRoute(context.step, index));
    await Promise.all([...followedOf(all).map((id) => context.routes?.write(id, null, once)), once()]);
  },

  async verifyHealed({ routes }, world, context) {
    // A transaction that was under way when the trial was ended may still arrive.
    await untilNoKey(world, keysOf(world, context), context.signal);
    return `none of the ${routes} routes is left`;
  },
};

/** Evenly over all, the last one among them: who shows that has read all before it. */
function followedOf<T>(all: readonly T[]): readonly T[] {
  const every = Math.ceil(all.length / mostFollowed);
  return all.filter((_, index) => (index + 1) % every === 0 || index === all.length - 1);
}

/** As the table of the trial makes a path of an id. */
function routeOf({ driver, prefix, upstream }: World, context: FaultContext, index: number): Filled {
  const [id, seq] = [filledRoute(context.step, index), index + 1];
  return { id, seq, keys: driver.route(prefix, { id, path: `/filled/${context.step + 1}-${index}`, seq, upstream }) };
}

/** By their keys; broken when one has a part of them only. */
async function routesThere(world: World, context: FaultContext): Promise<number> {
  return (await countKeys(world, keysOf(world, context))) / routeOf(world, context, 0).keys.length;
}

/** What all of its keys begin with; each step has routes of its own. */
function keysOf({ driver, prefix }: World, { step }: FaultContext): readonly string[] {
  return keyStarts(driver, prefix, filledStart(step));
}
