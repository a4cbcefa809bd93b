/** What following the configuration costs a worker, from the bytes of etcd's event to the table: JSON, schema, apply. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Store } from '../gateway/config/store.ts';
import { createRouter } from '../gateway/routing/router.ts';
import { createLiveConfig } from '../gateway/workers/live-config.ts';
import { type Benchmark, type Goal, type Row, measured, median } from './row.ts';

const rounds = 5;
const perSecond = 50;
const burst = 400;

const steady: Goal = {
  id: 'apply-share',
  what: `${perSecond} changes/s on 50,000 routes: share of a core`,
  unit: '%',
  atMost: 2,
};
const sudden: Goal = {
  id: 'apply-burst',
  what: `a burst of ${burst} changes at 40,000 routes`,
  unit: 'ms',
  atMost: 200,
};
const flat: Goal = { id: 'apply-memory', what: 'heap after 100,000 changes / before', unit: 'x', atMost: 1.1 };

interface Table {
  readonly size: number;
  /** Milliseconds that the changes took. */
  change(count: number): number;
}

function tableOf(size: number): Table {
  const store = new Store('/apisix');
  const live = createLiveConfig(createRouter());
  let sequence = 0;
  const item = (id: number, to: number) => {
    const value = {
      uri: `/api/team${id % 97}/svc${id}/*`,
      host: `h${id % 500}.example.com`,
      methods: ['GET', 'POST'],
      vars: [['arg_version', '==', 'v1']],
      upstream: { nodes: { '127.0.0.1:1980': 1 } },
      plugins: { 'proxy-rewrite': { uri: `/seq/${to}` } },
    };
    return { key: `/apisix/routes/${id}`, value: Buffer.from(JSON.stringify(value)), modRevision: BigInt(to) };
  };
  live.apply(store.apply(Array.from({ length: size }, (_, id) => item(id, 0))).changes);
  return {
    size,
    change(count) {
      const items = Array.from({ length: count }, () => item((++sequence * 7_919) % size, sequence));
      const started = performance.now();
      // One by one, as single events arrive.
      for (const each of items) live.apply(store.apply([each]).changes);
      return performance.now() - started;
    },
  };
}

async function run(): Promise<readonly Row[]> {
  const [large, medium] = [tableOf(50_000), tableOf(40_000)];
  // The first changes warm the compiler up.
  large.change(2_000);
  medium.change(2_000);
  const each: number[] = [];
  const bursts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    each.push(large.change(1_000) / 1_000);
    bursts.push(medium.change(burst));
  }
  const small = tableOf(1_000);
  small.change(10_000);
  const before = heap();
  for (let tenth = 0; tenth < 10; tenth++) small.change(10_000);
  const growth = heap() / before;
  const how = `median of ${rounds} rounds; route with vars and rewrite`;
  return [
    measured(steady, (median(each) * perSecond) / 10, `${(median(each) * 1_000).toPrecision(3)} us a change; ${how}`),
    measured(sudden, median(bursts), how),
    measured(flat, growth, `${(before / 1e6).toPrecision(3)} MB before; table of 1,000 routes`),
  ];
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use after a full collection. */
function heap(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

export const configApply: Benchmark = { name: 'config-apply', run };
