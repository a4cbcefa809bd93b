/** Known-bad builds in the life of a worker, and benign ones, which have to do what they say and nothing else. */
import { connect } from 'node:net';
import { cpuSeconds, residentBytes } from '../../support/processes.ts';
import { type Row, type Side, showMutants } from '../../support/mutant-rows.ts';
import { until } from '../../support/http.ts';

const worker = async (side: Side): Promise<number> => (await side.gateway.workers())[0]?.pid ?? -1;

/** The build serves, whatever else it does. */
const serves = async (side: Side): Promise<boolean> => {
  await side.write({ 'routes/a': side.route('/a') });
  return side.served('/a');
};

const changes = async (side: Side, count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await side.put({ 'routes/a': side.route(`/a/${turn}`) });
};

const rows: readonly Row[] = [
  {
    mutant: 'reload-drops-inflight',
    clean: true,
    mutated: false,
    async show(side) {
      await side.put({ 'routes/a': side.route('/a') });
      const before = await worker(side);
      const { port, hostname } = side.gateway.traffic;
      const client = connect(Number(port), hostname);
      let answer = '';
      client.on('data', (chunk) => (answer += chunk.toString('latin1'))).on('error', () => undefined);
      const closed = new Promise((resolve) => client.once('close', resolve));
      client.write('POST /a HTTP/1.1\r\nHost: h\r\nX-Case: echo\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhe');
      process.kill(side.gateway.pid, 'SIGHUP');
      const others = async (): Promise<boolean> =>
        (await side.gateway.workers()).some(({ pid, ready }) => pid !== before && ready);
      await until(others, 'another worker is ready');
      // The old one is told to go in the same turn; the clean one waits for this request.
      await side.becomes(() => client.closed, { expected: side.bad, elseMs: 700 });
      client.write('llo');
      await closed;
      return answer.includes('hello');
    },
  },
  {
    mutant: 'serves-empty-table',
    alone: true,
    clean: 'ECONNREFUSED',
    mutated: '404',
    async show(side) {
      const answer = async (): Promise<string> => {
        const text = await side.get('/a');
        return /^\d+/.exec(text)?.[0] ?? /ECONNREFUSED/.exec(text)?.[0] ?? text;
      };
      await until(async () => (await side.gateway.workers().catch(() => [])).length > 0, 'a worker has started');
      await side.becomes(async () => (await answer()) === '404', { expected: side.bad, elseMs: 1_000 });
      return answer();
    },
  },
  {
    mutant: 'metrics-scrape-blocks-loop',
    dose: 1_000,
    clean: false,
    mutated: true,
    async show(side) {
      const pid = await worker(side);
      const before = cpuSeconds(pid);
      for (let page = 0; page < 3; page++) await side.gateway.metrics();
      // Three pages of a second each, of which a busy host may give a part only; the clean build takes some milliseconds.
      return cpuSeconds(pid) - before > 0.6;
    },
  },
  {
    mutant: 'timer-closure-leak',
    dose: 2_048,
    clean: false,
    mutated: true,
    async show(side) {
      const pid = await worker(side);
      const before = residentBytes(pid);
      await changes(side, 60);
      // 60 changes of 2 MiB each, of which the clean build keeps nothing.
      return residentBytes(pid) - before > 100 * 1_048_576;
    },
  },
  {
    mutant: 'per-apply-leak',
    dose: 2_000,
    clean: false,
    mutated: true,
    async show(side) {
      const pid = await worker(side);
      await changes(side, 30);
      const before = cpuSeconds(pid);
      // 30 changes, ten times a second, 2 ms each: 0.6 s of every second; an idle gateway has next to nothing.
      const much = (): boolean => cpuSeconds(pid) - before > 0.25;
      return side.becomes(much, { expected: side.bad, elseMs: 1_000 });
    },
  },
  {
    mutant: 'access-log',
    clean: [true, false],
    mutated: [true, true],
    async show(side) {
      const served = await serves(side);
      const told = (): boolean => side.gateway.log().includes('requests served');
      return [served, await side.becomes(told, { expected: side.bad, elseMs: 2_500 })];
    },
  },
  {
    mutant: 'bigger-buffers',
    dose: 128,
    clean: [true, false],
    mutated: [true, true],
    show: async (side) => [await serves(side), residentBytes(await worker(side)) > 200 * 1_048_576],
  },
  {
    mutant: 'uptime-metric',
    clean: [true, false],
    mutated: [true, true],
    show: async (side) => [await serves(side), (await side.metric('gateway_uptime_seconds')) > 0],
  },
  {
    mutant: 'asks-position',
    clean: [true, false],
    mutated: [true, true],
    async show(side) {
      const asked = async (): Promise<number> => (await side.link.counters()).grpc.ranges;
      const before = await asked();
      await side.link.inject({ kind: 'watch.cut' }, 1);
      await until(async () => (await side.metric('gateway_watch_ends_total')) > 0, 'the watch is lost');
      await side.link.heal();
      return [await serves(side), (await asked()) > before];
    },
  },
  ...['jittered-apply', 'smaller-pools', 'frozen-objects'].map((mutant): Row => ({
    mutant,
    clean: [true, 5],
    mutated: [true, 5],
    async show(side) {
      const served = await serves(side);
      await changes(side, 5);
      return [served, (await side.get('/a/4')).startsWith('200 /a/4') ? 5 : 0];
    },
  })),
];

showMutants(rows);
