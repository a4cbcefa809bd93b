/** What one change costs the route table, and what one lookup costs, from 1,000 to 100,000 routes. */
import { type Router, createRouter } from '../gateway/routing/router.ts';
import { type Sample, fresh, put, sampleRoute } from './route-mix.ts';
import { type Benchmark, type Goal, type Row, invalid, measured, median, quantile } from './row.ts';

const wantedRounds = 3;
const mostRounds = 7;
/** With less of a core, others are measured too. */
const leastBusy = 0.8;
const changes = 2_000;
const lookups = 20_000;
const batch = 500;
const sizes = [1_000, 10_000, 100_000];

const growth: Goal = {
  id: 'route-apply-growth',
  what: 'route apply p50, 100k routes / 1k routes',
  unit: 'x',
  atMost: 3,
  aim: 2,
};
const apply: Goal = { id: 'route-apply-p50', what: 'route apply p50 at 100k routes', unit: 'us', atMost: 10 };
const lookup: readonly (Goal & { readonly size: number })[] = [
  { id: 'route-lookup-10k', what: 'random lookup at 10k routes', unit: 'us', atMost: 1, size: 10_000 },
  { id: 'route-lookup-100k', what: 'random lookup at 100k routes', unit: 'us', atMost: 4, size: 100_000 },
];

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
 * requests are as fresh in the cache as the parser leaves them, and only the table is far away.
 */
function lookupTimes({ router, samples }: Table, round: number): readonly number[] {
  const times: number[] = [];
  for (let first = 0; first < lookups; first += batch) {
    const wanted = Array.from({ length: batch }, (_, turn) => fresh(pick(samples, first + turn + round * lookups)));
    let right = 0;
    const started = process.hrtime.bigint();
    for (const { request, route } of wanted) if (router.match(request)?.route.id === route.id) right++;
    times.push(Number(process.hrtime.bigint() - started) / 1_000 / batch);
    if (right !== batch) throw new Error(`${batch - right} of ${batch} lookups found another route`);
  }
  return times;
}

interface Figures {
  readonly apply: number;
  readonly lookup: number;
  /** The quickest batch: what the table can do where nothing else is in the cache. Told, never judged. */
  readonly quickest: number;
}

interface Round {
  readonly bySize: ReadonlyMap<number, Figures>;
  /** Share of the time in which the thread had a core. */
  readonly busy: number;
}

function runRound(tables: readonly Table[], round: number): Round {
  const [startedAt, before] = [performance.now(), process.threadCpuUsage()];
  const bySize = new Map<number, Figures>();
  for (const table of tables) {
    const [applied, looked] = [quantile(applyTimes(table, round), 0.5), lookupTimes(table, round)];
    bySize.set(table.size, { apply: applied, lookup: median(looked), quickest: Math.min(...looked) });
  }
  const { user, system } = process.threadCpuUsage(before);
  return { bySize, busy: (user + system) / 1_000 / (performance.now() - startedAt) };
}

async function run(): Promise<readonly Row[]> {
  const tables = sizes.map(build);
  // Round 0 warms the compiler up and is not counted.
  runRound(tables, 0);
  const tried: Round[] = [];
  const counted = (): readonly Round[] => tried.filter(({ busy }) => busy >= leastBusy);
  while (counted().length < wantedRounds && tried.length < mostRounds) tried.push(runRound(tables, tried.length + 1));
  if (counted().length < wantedRounds) return [growth, apply, ...lookup].map((goal) => invalid(goal, contended(tried)));
  const at = (size: number, figure: keyof Figures): number =>
    median(counted().map(({ bySize }) => bySize.get(size)?.[figure] ?? Number.NaN));
  const how = `median of ${counted().length} of ${tried.length} interleaved rounds`;
  return [
    measured(
      growth,
      at(100_000, 'apply') / at(1_000, 'apply'),
      `1k routes: ${at(1_000, 'apply').toPrecision(3)} us; ${how}`,
    ),
    measured(apply, at(100_000, 'apply'), how),
    ...lookup.map((goal) =>
      measured(
        goal,
        at(goal.size, 'lookup'),
        `median of ${lookups / batch} batches, the quickest ${at(goal.size, 'quickest').toPrecision(3)} us; ${how}`,
      ),
    ),
  ];
}

function contended(tried: readonly Round[]): string {
  const shares = tried.map(({ busy }) => Math.round(busy * 100)).join(' ');
  return `fewer than ${wantedRounds} rounds with a core for ${leastBusy * 100} % of the time (${shares} %); is the machine in use?`;
}

export const routeTable: Benchmark = { name: 'route-table', run };
