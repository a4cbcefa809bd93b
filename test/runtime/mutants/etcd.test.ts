/** Known-bad builds between etcd and the store. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Row, type Side, showMutants } from '../../support/mutant-rows.ts';
import { until } from '../../support/http.ts';

const mark = async (side: Side, badMs?: number): Promise<boolean> => {
  await side.write({ 'routes/mark': side.route('/mark') });
  return side.served('/mark', badMs);
};

/** By the clean build alone. */
const markByClean = (side: Side): Promise<boolean> => mark(side, 1_500);

/** `opensAgain`: whether the known-bad build is one that does. */
const cut = async (side: Side, opensAgain: boolean): Promise<void> => {
  const { watchesCreated } = (await side.link.counters()).grpc;
  await side.link.inject({ kind: 'watch.cut' }, 1);
  await side.link.heal();
  const opened = async (): Promise<boolean> => (await side.link.counters()).grpc.watchesCreated > watchesCreated;
  await side.becomes(opened, { expected: opensAgain || !side.bad, elseMs: 1_500 });
};

/** What is counted is counted for so long. Milliseconds. */
const countedMs = 1_000;

const rows: readonly Row[] = [
  {
    mutant: 'drop-config-on-disconnect',
    clean: '200 /a',
    mutated: '404 {"error_msg":"404 Route Not Found"}',
    async show(side) {
      await side.put({ 'routes/a': side.route('/a') });
      await side.link.inject({ kind: 'link.refuse' }, 1);
      await side.link.inject({ kind: 'link.cut' }, 1);
      await until(async () => (await side.gateway.workers())[0]?.syncState === 'waiting', 'it has lost etcd');
      return side.get('/a');
    },
  },
  {
    mutant: 'compaction-empties-store',
    clean: [true, 1],
    mutated: [false, 1],
    async show(side) {
      await side.put({ 'routes/a': side.route('/a') });
      await side.loseHistory();
      await until(async () => (await side.metric('gateway_config_relists_total')) > 0, 'everything is read again');
      return [await side.served('/a', 300), await side.metric('gateway_config_relists_total')];
    },
  },
  {
    mutant: 'watch-cancel-crash',
    clean: true,
    mutated: false,
    async show(side) {
      await side.loseHistory();
      return markByClean(side);
    },
  },
  {
    mutant: 'watch-dies-once',
    clean: [true, true],
    mutated: [true, false],
    async show(side) {
      await side.write({ 'routes/a': side.route('/a') });
      const before = await side.served('/a');
      await cut(side, false);
      return [before, await markByClean(side)];
    },
  },
  {
    mutant: 'watch-timeout-marks-unhealthy',
    dose: 10_000,
    watchTimeoutMs: 300,
    clean: true,
    mutated: false,
    async show(side) {
      await until(async () => (await side.metric('gateway_watch_ends_total')) > 0, 'a watch has timed out');
      return markByClean(side);
    },
  },
  {
    mutant: 'starve-watch',
    dose: 2_500,
    clean: true,
    mutated: false,
    async show(side) {
      return markByClean(side);
    },
  },
  {
    mutant: 'conn-per-resource-per-worker',
    clean: [1, 1],
    mutated: [9, 9],
    async show(side) {
      await until(async () => (await side.link.counters()).grpc.watchesOpen > 0, 'it watches');
      await mark(side);
      const { watchesOpen, connectionsOpen } = (await side.link.counters()).grpc;
      return [watchesOpen, connectionsOpen];
    },
  },
  {
    mutant: 'write-on-watch',
    clean: 0,
    mutated: true,
    async show(side) {
      const { writes } = (await side.link.counters()).grpc;
      await mark(side);
      const more = async (): Promise<number> => (await side.link.counters()).grpc.writes - writes;
      const written = await side.becomes(async () => (await more()) > 0, { expected: side.bad, elseMs: 1_000 });
      return written ? true : 0;
    },
  },
  {
    mutant: 'retry-storm-no-backoff',
    times: 5,
    async show(side) {
      await side.link.inject({ kind: 'unary.answer', with: 'grpc-14' }, 1);
      const { unaryCalls } = (await side.link.counters()).grpc;
      await side.loseHistory();
      await sleep(countedMs);
      return (await side.link.counters()).grpc.unaryCalls - unaryCalls;
    },
  },
  {
    mutant: 'retry-immediately-on-429',
    times: 5,
    async show(side) {
      await side.link.inject({ kind: 'watch.answer', with: 'grpc-8' }, 1);
      await side.link.inject({ kind: 'watch.cut' }, 1);
      const { watchesCreated } = (await side.link.counters()).grpc;
      await sleep(countedMs);
      const hits = (await side.link.counters()).faults.find(({ fault }) => fault.kind === 'watch.answer')?.hits ?? 0;
      return hits + (await side.link.counters()).grpc.watchesCreated - watchesCreated;
    },
  },
  {
    mutant: 'drop-config-on-error',
    clean: true,
    mutated: false,
    async show(side) {
      await side.put({ 'routes/a': side.route('/a') });
      await side.link.inject({ kind: 'unary.answer', with: 'grpc-14' }, 1);
      await side.loseHistory();
      await until(
        async () => ((await side.link.counters()).faults[0]?.hits ?? 0) > 1,
        'it was told of an error twice',
      ).catch(() => undefined);
      return side.served('/a', 200);
    },
  },
  {
    mutant: 'trusts-header-revision',
    clean: [true, true],
    mutated: [false, true],
    async show(side) {
      await side.link.inject({ kind: 'watch.refuse' }, 1);
      await side.link.inject({ kind: 'watch.cut', afterEvents: 1 }, 1);
      await side.link.inject({ kind: 'watch.cut' }, 1);
      await until(async () => (await side.gateway.workers())[0]?.syncState !== 'watching', 'it is away');
      const noise = (count: number): readonly Promise<bigint>[] =>
        Array.from({ length: count }, () => side.write({ 'elsewhere/noise': {} }));
      // etcd gives a watch that is behind a thousand revisions at a time.
      await Promise.all(noise(1_050));
      await side.write({ 'routes/late': side.route('/late') });
      await Promise.all(noise(5));
      await side.link.heal({ kind: 'watch.cut' });
      const { watchesCreated } = (await side.link.counters()).grpc;
      await side.link.heal({ kind: 'watch.refuse' });
      const twice = async (): Promise<boolean> => (await side.link.counters()).grpc.watchesCreated > watchesCreated + 1;
      await until(twice, 'it was cut in its catch-up, and is opened again');
      await side.link.heal();
      const caughtUp = await mark(side);
      return [await side.served('/late', 500), caughtUp];
    },
  },
  {
    mutant: 'full-read-per-watch-end',
    clean: 0,
    mutated: 1,
    async show(side) {
      await cut(side, true);
      await mark(side);
      return side.metric('gateway_config_relists_total');
    },
  },
  {
    mutant: 'prefix-match-as-regex',
    prefix: '-a.b+c[d',
    clean: true,
    mutated: false,
    show: markByClean,
  },
  {
    mutant: 'delete-events-lost',
    clean: '404',
    mutated: '200',
    async show(side) {
      await side.put({ 'routes/a': side.route('/a') });
      await side.write({ 'routes/a': undefined });
      await mark(side);
      return (await side.get('/a')).slice(0, 3);
    },
  },
  {
    mutant: 'stale-snapshot-on-worker-respawn',
    dose: 3_000,
    clean: '200',
    mutated: '404',
    async show(side) {
      await side.put({ 'routes/a': side.route('/a') });
      const [victim] = await side.gateway.workers();
      process.kill(victim?.pid ?? -1, 'SIGKILL');
      const replaced = async (): Promise<boolean> =>
        (await side.gateway.workers()).some(({ pid, ready }) => pid !== victim?.pid && ready);
      await until(replaced, 'another worker is ready');
      return (await side.get('/a')).slice(0, 3);
    },
  },
];

showMutants(rows);
