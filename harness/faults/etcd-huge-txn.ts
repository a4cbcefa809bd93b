/** `etcd.huge-txn`: many routes appear in one transaction, and disappear in one delete: each a single revision. */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import { commitTogether } from '../model/etcd-changes.ts';
import { keyStarts } from '../model/layout.ts';
import type { Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { countKeys, deleteKeys } from './etcd-keys.ts';
import { someOf, writtenTogether } from './followed.ts';
import { untilProven } from './until.ts';

type HugeTxn = Extract<Fault, { kind: 'etcd.huge-txn' }>;

export const etcdHugeTxn: Injector<HugeTxn> = {
  about: {
    hop: 'harness->etcd',
    does: 'many routes are written in one transaction, and deleted at once at heal',
    proof: 'all of them are in etcd, at one revision',
  },
  /** Of several keys for each route a transaction cannot hold as many. */
  asks: () => ['json-routes'],
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject({ routes }, world, context) {
    const keys = Array.from({ length: routes }, (_, index) => {
      const spec = { id: `txn-${index}`, path: `/txn/${index}`, seq: index, upstream: world.upstream };
      return world.driver.route(world.prefix, spec);
    });
    const some = someOf(routes).map((index) => [`txn-${index}`, index] as const);
    await withEtcd(world, (client) => writtenTogether(context, some, () => commitTogether(client, keys.flat())));
    return {};
  },

  verify({ routes }, world, _before, { signal }) {
    let shown = '';
    const look = async (): Promise<string | undefined> => {
      const starts = keysOf(world);
      const found = await withEtcd(world, (client) =>
        Promise.all(starts.map((start) => client.getAll().prefix(start).exec())),
      );
      const kvs = found.flatMap((each) => each.kvs);
      const revisions = new Set(kvs.map(({ mod_revision }) => mod_revision));
      shown = `etcd holds ${kvs.length} of ${routes} routes at ${revisions.size} revisions`;
      if (kvs.length !== routes || revisions.size !== 1) return undefined;
      return `etcd holds ${kvs.length} routes of one transaction, at revision ${[...revisions].join()}`;
    };
    return untilProven(look, () => shown, signal);
  },

  async heal({ routes }, world, context) {
    const some = someOf(routes).map((index) => [`txn-${index}`, null] as const);
    await writtenTogether(context, some, () => deleteKeys(world, keysOf(world)));
  },

  async verifyHealed(_fault, world) {
    const left = await countKeys(world, keysOf(world));
    if (left > 0) throw new HarnessError('HEAL_FAILED', `${left} routes of the transaction are still in etcd`);
    return 'no route of the transaction is in etcd';
  },
};

/** Of all of them; the number follows. */
function keysOf({ driver, prefix }: World): readonly string[] {
  return keyStarts(driver, prefix, 'txn-');
}
