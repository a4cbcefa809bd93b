import { Etcd3 } from 'etcd3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CutProxy, startCutProxy } from '../../support/cut-proxy.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';

const prefix = '/laws';
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

async function perform(op: Op): Promise<void> {
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

/** id → uri, as etcd has them now. */
async function freshRead(): Promise<ReadonlyMap<string, string>> {
  const { kvs } = await direct.getAll().prefix(`${prefix}/routes/`).exec();
  const uriOf = (value: Buffer): string => (JSON.parse(value.toString()) as { uri: string }).uri;
  return new Map(kvs.map(({ key, value }) => [key.toString().slice(`${prefix}/routes/`.length), uriOf(value)]));
}

test('after any sequence of writes, deletes, compactions and cuts the table equals a fresh read', async () => {
  // One process for all runs: what a run leaves behind, such as a watch that is away, is where the next one begins.
  await using gateway = await startGateway({ etcd: proxy.url, prefix, watchTimeoutMs: 500 });
  await until(() => gateway.ready(), 'the gateway is ready');
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 25 }), async (ops) => {
      for (const each of ops) await perform(each);
      proxy.refuse(false);
      const { header } = await direct.put(`${prefix}/routes/last`).value(route()).exec();
      const reached = async (): Promise<boolean> => {
        const [worker] = await gateway.workers().catch(() => []);
        return BigInt(worker?.revision ?? 0) >= BigInt(header.revision);
      };
      await until(reached, `revision ${header.revision} in force`);
      expect(await gateway.routes()).toEqual(await freshRead());
    }),
    { numRuns: 30, endOnFailure: true },
  );
}, 600_000);
