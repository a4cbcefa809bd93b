import { Etcd3 } from 'etcd3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Store } from '../../../gateway/config/store.ts';
import { type CutProxy, startCutProxy } from '../../support/cut-proxy.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { startFollower } from '../../support/follower.ts';

let etcd: TestEtcd;
let proxy: CutProxy;
let direct: Etcd3;
beforeAll(async () => {
  etcd = await startEtcd();
  proxy = await startCutProxy(etcd.url);
  direct = new Etcd3({ hosts: etcd.url.origin });
});
afterAll(async () => {
  direct.close();
  await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

type Op =
  | { readonly kind: 'put'; readonly ids: readonly number[] }
  | { readonly kind: 'delete'; readonly id: number }
  | { readonly kind: 'clear' | 'neighbour' | 'cut' | 'refuse' | 'accept' | 'compact' };

const id = fc.nat(5);
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('put' as const), ids: fc.uniqueArray(id, { minLength: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), id }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('clear', 'neighbour', 'cut', 'refuse', 'accept', 'compact' as const),
    }),
  },
);

let seq = 0;
const route = (): string => JSON.stringify({ uri: `/seq/${++seq}`, upstream_id: 'u' });

async function perform(prefix: string, op: Op): Promise<void> {
  switch (op.kind) {
    case 'put': {
      const puts = op.ids.map((name) => direct.put(`${prefix}/routes/${name}`).value(route()));
      return void (await direct
        .if('\0', 'Create', '==', 0)
        .then(...puts)
        .commit());
    }
    case 'delete':
      return void (await direct.delete().key(`${prefix}/routes/${op.id}`));
    case 'clear':
      return void (await direct.delete().prefix(`${prefix}/`));
    case 'neighbour':
      return void (await direct.put(`${prefix}3/routes/0`).value(route()));
    case 'compact': {
      const { header } = await direct.put(`${prefix}/other`).value('').exec();
      return void (await direct.kv.compact({ revision: header.revision, physical: true }));
    }
    case 'cut':
      return proxy.cut();
    case 'refuse':
      proxy.refuse(true);
      return proxy.cut();
    case 'accept':
      return proxy.refuse(false);
  }
}

async function freshRead(prefix: string): Promise<ReadonlyMap<string, string>> {
  const { kvs } = await direct.getAll().prefix(`${prefix}/`).exec();
  const { changes } = new Store(prefix).replace(
    kvs.map(({ key, value, mod_revision }) => ({ key: key.toString(), value, modRevision: BigInt(mod_revision) })),
  );
  return new Map(changes.map((change) => [`${change.kind}/${change.id}`, JSON.stringify(valueOf(change))]));
}

const valueOf = (change: object): unknown => ('value' in change ? change.value : undefined);

test('after any sequence of writes, deletes, compactions and cuts the table equals a fresh read', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 25 }), async (ops) => {
      const prefix = `/laws-${process.pid}-${runs++}`;
      proxy.refuse(false);
      await perform(prefix, { kind: 'put', ids: [0, 1] });
      await using follower = startFollower({ etcd: proxy.url, prefix, watchTimeoutMs: 500 });
      await expect.poll(() => follower.relists, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
      for (const each of ops) await perform(prefix, each);
      proxy.refuse(false);
      const { header } = await direct.put(`${prefix}/routes/last`).value(route()).exec();
      await expect
        .poll(() => follower.revision >= BigInt(header.revision), { timeout: 10_000, interval: 5 })
        .toBe(true);
      expect(follower.table).toEqual(await freshRead(prefix));
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 120_000);
