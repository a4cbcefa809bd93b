/**
 * `etcd.huge-value`: routes as good as any other, each as large as etcd takes a request. The filling is white space, which
 * every product has to read. Together they may be more than the 4 MiB that gRPC clients take in one answer by default.
 */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import { keyStarts } from '../model/layout.ts';
import type { Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { countKeys, deleteKeys } from './etcd-keys.ts';
import { someOf, writtenTogether } from './followed.ts';
import { untilProven } from './until.ts';

type HugeValue = Extract<Fault, { kind: 'etcd.huge-value' }>;

export const etcdHugeValue: Injector<HugeValue> = {
  about: {
    hop: 'harness->etcd',
    does: 'good routes are written that are filled up with white space to a great length',
    proof: 'etcd holds them in their length',
  },
  asks: () => ['json-routes'],
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject({ bytes, values }, world, context) {
    const some = someOf(values);
    await withEtcd(world, async (client) => {
      for (let index = 0; index < values; index++) {
        const spec = { id: `huge-${index}`, path: `/huge/${index}`, seq: index, upstream: world.upstream };
        const [{ key, value }] = world.driver.route(world.prefix, spec);
        const put = async (): Promise<string> => {
          const { header } = await client.put(key).value(value.padEnd(bytes)).exec();
          return header.revision;
        };
        await writtenTogether(context, some.includes(index) ? [[spec.id, index]] : [], put);
      }
    });
    return {};
  },

  verify({ bytes, values }, world, _before, { signal }) {
    let shown = '';
    const look = async (): Promise<string | undefined> => {
      const lengths = await lengthsOf(world);
      const whole = lengths.filter((length) => length >= bytes).length;
      shown = `etcd holds ${whole} of ${values} routes of ${bytes} bytes`;
      return whole === values ? shown : undefined;
    };
    return untilProven(look, () => shown, signal);
  },

  async heal({ values }, world, context) {
    const some = someOf(values).map((index) => [`huge-${index}`, null] as const);
    await writtenTogether(context, some, () => deleteKeys(world, keysOf(world)));
  },

  async verifyHealed(_fault, world) {
    const left = await countKeys(world, keysOf(world));
    if (left > 0) throw new HarnessError('HEAL_FAILED', `${left} huge routes are still in etcd`);
    return 'no huge route is in etcd';
  },
};

/** One by one: all at once they may be too much for this client, too. */
function lengthsOf(world: World): Promise<readonly number[]> {
  return withEtcd(world, async (client) => {
    const lengths: number[] = [];
    const starts = keysOf(world);
    const keys = await Promise.all(starts.map(async (start) => client.getAll().prefix(start).keys()));
    for (const key of keys.flat()) lengths.push((await client.get(key).buffer())?.length ?? 0);
    return lengths;
  });
}

/** Of all of them; the number follows. */
function keysOf({ driver, prefix }: World): readonly string[] {
  return keyStarts(driver, prefix, 'huge-');
}
