/** What one change costs the route table, and what one lookup costs, from 1,000 to 100,000 routes. */
import { type Router, createRouter } from '../gateway/routing/router.ts';
import { type Sample, fresh, put, sampleRoute } from './route-mix.ts';
import { type Benchmark, type Row, measured, median, quantile } from './row.ts';

const rounds = 3;
const changes = 2_000;
const lookups = 20_000;
const batch = 500;
const sizes = [1_000, 10_000, 100_000];

interface Table {
  readonly size: number;
  readonly router: Router;
  readonly samples: readonly Sample[];
}

function build(size: number): Table {
  const router = createRouter();
  const samples = Array.from({ length: size }, (_, index) => sampleRoute(index, size));
  router.apply(samples.map(({ route }) => put(route)));
  return { size, router, samples };
}

/** Spread over the table by a step prime to its size: neighbours in time are strangers in memory. */
function pick<T>(items: readonly T[], turn: number): T {
  const item = items[(turn * 7_919 + 13) % items.length];
  if (item === undefined) throw new Error('the table is empty');
  return item;
}

/** Microseconds of each change (delete, create, update in turn), each followed by one lookup, so that nothing is put off. */
function applyTimes({ router, samples }: Table, round: number): readonly number[] {
  const times: number[] = [];
  for (let turn = 0; turn < changes; turn++) {
    const { route, request } = pick(samples, turn + round * changes);
    const steps = [
      [{ kind: 'route' as const, op: 'delete' as const, id: route.id }],
      [put(route)],
      [put({ ...route, priority: 1 })],
    ];
    for (const step of steps) {
      const started = process.hrtime.bigint();
      router.apply(step);
      router.match(request);
      times.push(Number(process.hrtime.bigint() - started) / 1_000);
    }
    router.apply([put(route)]);
  }
  return times;
}

/**
 * Microseconds per lookup of random routes; throws when the table answers with another route. In batches, so that the
 * requests are as fresh in the cache as the parser leaves them, and only the table is far away. Of the batches the quickest
 * counts: whatever else runs on the machine only ever adds.
 */
function lookupTime({ router, samples }: Table, round: number): number {
  const times: number[] = [];
  for (let first = 0; first < lookups; first += batch) {
    const wanted = Array.from({ length: batch }, (_, turn) => fresh(pick(samples, first + turn + round * lookups)));
    let right = 0;
    const started = process.hrtime.bigint();
    for (const { request, route } of wanted) if (router.match(request)?.route.id === route.id) right++;
    times.push(Number(process.hrtime.bigint() - started) / 1_000 / batch);
    if (right !== batch) throw new Error(`${batch - right} of ${batch} lookups found another route`);
  }
  return Math.min(...times);
}

async function run(): Promise<readonly Row[]> {
  const tables = sizes.map(build);
  const apply = new Map<number, number[]>(sizes.map((size) => [size, []]));
  const lookup = new Map<number, number[]>(sizes.map((size) => [size, []]));
  // Round 0 warms the compiler up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const table of tables) {
      const [applied, looked] = [quantile(applyTimes(table, round), 0.5), lookupTime(table, round)];
      if (round > 0) apply.get(table.size)?.push(applied);
      if (round > 0) lookup.get(table.size)?.push(looked);
    }
  }
  const at = (map: ReadonlyMap<number, number[]>, size: number): number => median(map.get(size) ?? []);
  const how = `median of ${rounds} interleaved rounds`;
  const howLookup = `the quickest of ${lookups / batch} batches of ${batch}; ${how}`;
  const ratio = at(apply, 100_000) / at(apply, 1_000);
  const apply1k = at(apply, 1_000).toPrecision(3);
  return [
    measured(
      { id: 'route-apply-growth', what: 'route apply p50, 100k routes / 1k routes', unit: 'x', atMost: 3 },
      ratio,
      `1k routes: ${apply1k} us; ${how}`,
    ),
    measured(
      { id: 'route-apply-p50', what: 'route apply p50 at 100k routes', unit: 'us', atMost: 10 },
      at(apply, 100_000),
      how,
    ),
    measured(
      { id: 'route-lookup-10k', what: 'random lookup at 10k routes', unit: 'us', atMost: 1 },
      at(lookup, 10_000),
      howLookup,
    ),
    measured(
      { id: 'route-lookup-100k', what: 'random lookup at 100k routes', unit: 'us', atMost: 4 },
      at(lookup, 100_000),
      howLookup,
    ),
  ];
}

export const routeTable: Benchmark = { name: 'route-table', run };
