/** `routes.poison`: unusable values in etcd, each a route of its own. What they hit is the configuration of all others. */
import type { Etcd3 } from 'etcd3';
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { Injector, World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
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
    const { size } = poisonValues(route('good').value);
    return { count: size + 1, keys: `${route('poison-0').key} … ${size - 1}` };
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(_fault, world) {
    const good = world.driver.route(world.prefix, { id: 'good', path: '/poison', seq: 0, upstream: world.upstream });
    const values = [...poisonValues(good.value).values()];
    await withEtcd(world, async (client) => {
      for (const [index, value] of values.entries())
        await client
          .put(`${keyOf(world)}${index}`)
          .value(value)
          .exec();
    });
    return { values: values.length };
  },

  verify(_fault, world, before, { signal }) {
    let there = 0;
    const look = async (): Promise<string | undefined> => {
      there = await countOf(world);
      return there === before['values'] ? `${there} unusable routes are in etcd` : undefined;
    };
    return untilProven(look, () => `${there} of ${before['values']} unusable routes are in etcd`, signal);
  },

  async heal(_fault, world) {
    await withEtcd(world, async (client) => client.delete().prefix(keyOf(world)).exec());
  },

  async verifyHealed(_fault, world) {
    const left = await countOf(world);
    if (left > 0) throw new HarnessError('HEAL_FAILED', `${left} unusable routes are still in etcd`);
    return 'no unusable route is in etcd';
  },
};

/** Of all of them; the number follows. */
function keyOf({ driver, prefix, upstream }: World): string {
  return driver.route(prefix, { id: 'poison-', path: '/', seq: 0, upstream }).key;
}

function countOf(world: World): Promise<number> {
  const count = (client: Etcd3): Promise<number> => client.getAll().prefix(keyOf(world)).count();
  return withEtcd(world, count);
}
