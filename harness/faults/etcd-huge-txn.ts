/** `etcd.huge-txn`: many routes appear in one transaction, and disappear in one delete: each a single revision. */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { Injector, World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { untilProven } from './until.ts';

type HugeTxn = Extract<Fault, { kind: 'etcd.huge-txn' }>;

export const etcdHugeTxn: Injector<HugeTxn> = {
  about: {
    hop: 'harness->etcd',
    does: 'many routes are written in one transaction, and deleted at once at heal',
    proof: 'all of them are in etcd, at one revision',
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject({ routes }, world) {
    await withEtcd(world, async (client) => {
      const puts = Array.from({ length: routes }, (_, index) => {
        const spec = { id: `txn-${index}`, path: `/txn/${index}`, seq: index, upstream: world.upstream };
        const { key, value } = world.driver.route(world.prefix, spec);
        return client.put(key).value(value);
      });
      await client
        .if('\0', 'Create', '==', 0)
        .then(...puts)
        .commit();
    });
    return {};
  },

  verify({ routes }, world, _before, { signal }) {
    let shown = '';
    const look = async (): Promise<string | undefined> => {
      const { kvs } = await withEtcd(world, async (client) => client.getAll().prefix(keyOf(world)).exec());
      const revisions = new Set(kvs.map(({ mod_revision }) => mod_revision));
      shown = `etcd holds ${kvs.length} of ${routes} routes at ${revisions.size} revisions`;
      if (kvs.length !== routes || revisions.size !== 1) return undefined;
      return `etcd holds ${kvs.length} routes of one transaction, at revision ${[...revisions].join()}`;
    };
    return untilProven(look, () => shown, signal);
  },

  async heal(_fault, world) {
    await withEtcd(world, async (client) => client.delete().prefix(keyOf(world)).exec());
  },

  async verifyHealed(_fault, world) {
    const left = await withEtcd(world, async (client) => client.getAll().prefix(keyOf(world)).count());
    if (left > 0) throw new HarnessError('HEAL_FAILED', `${left} routes of the transaction are still in etcd`);
    return 'no route of the transaction is in etcd';
  },
};

/** Of all of them; the number follows. */
function keyOf({ driver, prefix, upstream }: World): string {
  return driver.route(prefix, { id: 'txn-', path: '/', seq: 0, upstream }).key;
}
