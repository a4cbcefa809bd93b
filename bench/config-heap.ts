/** What many changes leave in the heap: of store and route table alone, in a process that can collect before it looks. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Store } from '../gateway/config/store.ts';
import { createRouter } from '../gateway/routing/router.ts';
import { createLiveConfig } from '../gateway/workers/live-config.ts';
import { type Benchmark, type Goal, type Row, measured } from './row.ts';

const table = 1_000;
const before = 10_000;
const during = 100_000;

const flat: Goal = {
  id: 'apply-memory',
  what: 'heap of store and table after 100,000 changes / before',
  unit: 'x',
  atMost: 1.1,
};

async function run(): Promise<readonly Row[]> {
  const store = new Store('/apisix');
  const live = createLiveConfig(createRouter());
  const change = (count: number): void => {
    for (let made = 0; made < count; made++) live.apply(store.apply([item((made * 7_919) % table, made)]).changes);
  };
  change(before);
  const first = heap();
  change(during);
  const growth = heap() / first;
  const megabytes = (first / 1e6).toPrecision(3);
  return [measured(flat, growth, `${megabytes} MB after ${before} changes; ${table} routes; in use after collections`)];
}

function item(id: number, to: number): { key: string; value: Buffer; modRevision: bigint } {
  const value = {
    uri: `/api/team${id % 97}/svc${id}/*`,
    host: `h${id % 500}.example.com`,
    methods: ['GET', 'POST'],
    vars: [['arg_version', '==', 'v1']],
    upstream: { nodes: { '127.0.0.1:1980': 1 } },
    plugins: { 'proxy-rewrite': { uri: `/seq/${to}` }, prometheus: {} },
  };
  return { key: `/apisix/routes/${id}`, value: Buffer.from(JSON.stringify(value)), modRevision: BigInt(to) };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use after a full collection. */
function heap(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

export const configHeap: Benchmark = { name: 'config-heap', run };
