/** `routes.poison`: unusable values in etcd, each a route of its own. What they hit is the configuration of all others. */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import { type RouteKeys, keyStarts } from '../model/layout.ts';
import type { Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { countKeys, deleteKeys } from './etcd-keys.ts';
import { groupPrefix } from './group.ts';
import { poisonValues } from './poison-values.ts';
import { untilProven } from './until.ts';

type Poison = Extract<Fault, { kind: 'routes.poison' }>;

export const routesPoison: Injector<Poison> = {
  about: {
    hop: 'harness->etcd',
    does: 'unusable values, each a route of its own, behind the back of the Admin API',
    proof: 'all of them are counted in etcd',
  },
  writes(_fault, { route }) {
    const { size } = poisonValues(route('good')[0].value);
    return { count: size + 1, keys: `${route('poison-0')[0].key} … ${size - 1}` };
  },
  asks: () => ['json-routes'],
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(fault, world) {
    const [good] = routeOf(fault, world, 'good');
    const values = [...poisonValues(good.value).values()];
    await withEtcd(world, async (client) => {
      for (const [index, value] of values.entries()) {
        const [{ key }] = routeOf(fault, world, `poison-${index}`);
        await client.put(key).value(value).exec();
      }
    });
    return { values: values.length };
  },

  verify(fault, world, before, { signal }) {
    let there = 0;
    const look = async (): Promise<string | undefined> => {
      there = await countKeys(world, keysOf(fault, world));
      return there === before['values'] ? `${there} unusable routes are in etcd` : undefined;
    };
    return untilProven(look, () => `${there} of ${before['values']} unusable routes are in etcd`, signal);
  },

  async heal(fault, world) {
    await deleteKeys(world, keysOf(fault, world));
  },

  async verifyHealed(fault, world) {
    const left = await countKeys(world, keysOf(fault, world));
    if (left > 0) throw new HarnessError('HEAL_FAILED', `${left} unusable routes are still in etcd`);
    return 'no unusable route is in etcd';
  },
};

function routeOf(fault: Poison, { driver, prefix, upstream }: World, id: string): RouteKeys {
  return driver.route(groupPrefix(fault, prefix), { id, path: '/poison', seq: 0, upstream });
}

/** Of all of them; the number follows. */
function keysOf(fault: Poison, { driver, prefix }: World): readonly string[] {
  return keyStarts(driver, groupPrefix(fault, prefix), 'poison-');
}
