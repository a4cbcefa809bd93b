/** `routes.odd-ids`: good routes under ids that a careless reader of keys trips over. Each has to be served like any other. */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import { commitChanges } from '../model/etcd-changes.ts';
import { type RouteKeys, deleted } from '../model/layout.ts';
import type { FaultContext, Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { untilProven } from './until.ts';

type OddIds = Extract<Fault, { kind: 'routes.odd-ids' }>;

/** Longer than any id that a person writes, and well within what etcd takes. */
const long = 300;

/** What an operator, a script or another tool may have written as the id of a route. None holds a `/`. */
export const oddIds: readonly string[] = [
  'with-hyphen',
  'with.dot',
  'with_underscore',
  '..',
  '-',
  '0',
  '%2F',
  '100%',
  'a[0]',
  '{id}',
  'a b',
  '"quoted"',
  "o'clock",
  'back\\slash',
  'a:b;c=d&e',
  '#?*',
  'ünïcödé',
  '路由',
  '🚪',
  'e\u0301',
  '__proto__',
  'constructor',
  'null',
  'x'.repeat(long),
];

export const routesOddIds: Injector<OddIds> = {
  about: {
    hop: 'harness->etcd',
    does: `good routes under ${oddIds.length} odd ids (with -, ., %, [, blanks, quotes, other scripts, ${long} characters, __proto__)`,
    proof: 'each of them is read back from etcd under its id',
  },
  writes: (_fault, { route }) => ({
    count: 2 * oddIds.length,
    keys: `${route('')[0].key}${oddIds.slice(0, 3).join(', ')}, …`,
  }),
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(_fault, world, context) {
    await withEtcd(world, (client) =>
      each(world, context, (keys, index) => [index + 1, () => commitChanges(client, keys)]),
    );
    return {};
  },

  verify(_fault, world, _before, { signal }) {
    let there = 0;
    const look = async (): Promise<string | undefined> => {
      there = await countOf(world);
      return there === oddIds.length ? `${there} routes are in etcd under odd ids` : undefined;
    };
    return untilProven(look, () => `${there} of ${oddIds.length} routes with odd ids are in etcd`, signal);
  },

  async heal(_fault, world, context) {
    await withEtcd(world, (client) =>
      each(world, context, (keys) => [null, () => commitChanges(client, deleted(keys))]),
    );
  },

  async verifyHealed(_fault, world) {
    const left = await countOf(world);
    if (left > 0) throw new HarnessError('HEAL_FAILED', `${left} routes with odd ids are still in etcd`);
    return 'no route with an odd id is in etcd';
  },
};

/** Does `change` to each, as config writes of the trial when there is one. The table knows them as `odd-<n>`. */
async function each(
  { driver, prefix, upstream }: World,
  { routes }: FaultContext,
  change: (keys: RouteKeys, index: number) => readonly [seq: number | null, done: () => Promise<string>],
): Promise<void> {
  await Promise.all(
    oddIds.map((id, index) => {
      const keys = driver.route(prefix, { id, path: `/odd/${index}`, seq: index + 1, upstream });
      const [seq, done] = change(keys, index);
      return routes === undefined ? done() : routes.write(`odd-${index}`, seq, done, id);
    }),
  );
}

function countOf(world: World): Promise<number> {
  const { driver, prefix, upstream } = world;
  return withEtcd(world, async (client) => {
    const keys = oddIds.map((id) => driver.route(prefix, { id, path: '/', seq: 0, upstream })[0].key);
    const found = await Promise.all(keys.map((key) => client.get(key).exists()));
    return found.filter(Boolean).length;
  });
}
