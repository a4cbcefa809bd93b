/** What a thousand watchers cost: straight at etcd, and through the watch proxy in each of its protocols. */
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Etcd3 } from 'etcd3';
import { rpc } from '../gateway/etcd/rpc.ts';
import { rangeOf } from '../gateway/etcd/words.ts';
import { startEtcd } from '../test/support/etcd.ts';
import { prefixRange } from '../test/support/json-watch.ts';
import { until } from '../test/support/http.ts';
import { startWatchProxy } from '../test/support/watch-proxy.ts';
import { cpuSeconds } from './cpu-time.ts';
import { type Benchmark, type Goal, type Row, measured, median, quantile } from './row.ts';

const watchers = 1_000;
const putsPerSecond = 20;
const puts = 100;
const rounds = 3;
const value = 'v'.repeat(600);
const prefix = '/apisix/';

const goals = {
  upstream: { id: 'fanout-upstream', what: `watches at etcd for ${watchers} clients`, unit: '', atMost: 1 },
  json: { id: 'fanout-cpu-json', what: 'watch proxy CPU per delivered event, JSON', unit: 'us', atMost: 12 },
  grpc: { id: 'fanout-cpu-grpc', what: 'watch proxy CPU per delivered event, gRPC', unit: 'us', atMost: 12 },
  delay: { id: 'fanout-delay', what: 'put to delivered through the proxy, JSON: p99', unit: 'ms', atMost: 25 },
  ratio: { id: 'fanout-delay-ratio', what: 'the same over gRPC / straight at etcd, p99', unit: 'x', atMost: 0.5 },
  put: { id: 'fanout-put', what: 'put p50 with the proxy and its clients / with nobody', unit: 'x', atMost: 1.15 },
  memory: { id: 'fanout-memory', what: 'watch proxy memory per client, gRPC', unit: 'KB', atMost: 40 },
} satisfies Readonly<Record<string, Goal>>;

/** Clients that count what comes, each on a connection of its own. */
interface Crowd extends Disposable {
  readonly received: () => number;
  readonly created: () => number;
  /** When the newest bytes came to each client, in milliseconds of `performance.now()`. */
  readonly lastAt: Float64Array;
}

interface Round {
  readonly putP50: number;
  readonly delayP99: number;
  readonly cpuPerEvent: number;
}

async function run(): Promise<readonly Row[]> {
  await using etcd = await startEtcd();
  const client = new Etcd3({ hosts: etcd.url.origin });
  await using proxy = await startWatchProxy(etcd.url, { WATCH_PROXY_PREFIXES: prefix });
  const seen = { none: [] as Round[], direct: [] as Round[], json: [] as Round[], grpc: [] as Round[] };
  const memory: number[] = [];
  let atEtcd = 0;
  for (let round = 0; round < rounds; round++) {
    seen.none.push(await drive(client, undefined, proxy.pid));
    {
      using crowd = grpcCrowd(etcd.url);
      seen.direct.push(await drive(client, crowd, etcd.pid));
    }
    await until(async () => (await proxy.metric('watch_proxy_watchers')) === 0, 'nobody watches');
    {
      using crowd = jsonCrowd(proxy.url);
      seen.json.push(await drive(client, crowd, proxy.pid));
      atEtcd = Math.max(atEtcd, await watchesAt(etcd.url));
    }
    await until(async () => (await proxy.metric('watch_proxy_watchers')) === 0, 'nobody watches');
    const before = residentKilobytes(proxy.pid);
    {
      using crowd = grpcCrowd(proxy.url);
      seen.grpc.push(await drive(client, crowd, proxy.pid));
      memory.push((residentKilobytes(proxy.pid) - before) / watchers);
      atEtcd = Math.max(atEtcd, await watchesAt(etcd.url));
    }
    await until(async () => (await proxy.metric('watch_proxy_watchers')) === 0, 'nobody watches');
  }
  client.close();
  const of = (name: keyof typeof seen, figure: keyof Round): number => median(seen[name].map((each) => each[figure]));
  const text = (name: keyof typeof seen, figure: keyof Round): string => of(name, figure).toPrecision(3);
  const how = `${watchers} clients, ${putsPerSecond} puts a second of ${value.length} bytes; median of ${rounds} interleaved rounds`;
  const straight = `etcd itself ${text('direct', 'cpuPerEvent')} us`;
  return [
    measured(goals.upstream, atEtcd, 'etcd_debugging_mvcc_watcher_total'),
    measured(goals.json, of('json', 'cpuPerEvent'), `${straight}; ${how}`),
    measured(goals.grpc, of('grpc', 'cpuPerEvent'), `${straight}; ${how}`),
    measured(goals.delay, of('json', 'delayP99'), how),
    measured(
      goals.ratio,
      of('grpc', 'delayP99') / of('direct', 'delayP99'),
      `${text('grpc', 'delayP99')} ms and ${text('direct', 'delayP99')} ms; ${how}`,
    ),
    measured(
      goals.put,
      of('json', 'putP50') / of('none', 'putP50'),
      `${text('json', 'putP50')} ms and ${text('none', 'putP50')} ms; over gRPC ${text('grpc', 'putP50')} ms, straight at etcd ${text('direct', 'putP50')} ms`,
    ),
    measured(
      goals.memory,
      median(memory),
      `resident memory; rounds ${memory.map((each) => each.toFixed(0)).join(' ')}`,
    ),
  ];
}

/** Puts at a steady rate; the delay of an event is that of its slowest client, so that no sample flatters. */
async function drive(client: Etcd3, crowd: Crowd | undefined, pid: number): Promise<Round> {
  if (crowd !== undefined) await until(() => crowd.created() === watchers, 'every client watches');
  await sleep(500);
  const [cpu, received] = [cpuSeconds(pid), crowd?.received() ?? 0];
  const putMs: number[] = [];
  const delays: number[] = [];
  for (let n = 0; n < puts; n++) {
    const started = performance.now();
    const expected = received + (n + 1) * watchers;
    await client.put(`${prefix}k${n % 50}`).value(value);
    putMs.push(performance.now() - started);
    if (crowd !== undefined) {
      await until(() => crowd.received() >= expected, `event ${n} reaches every client`);
      for (const at of crowd.lastAt) delays.push(at - started);
    }
    await sleep(Math.max(0, 1_000 / putsPerSecond - (performance.now() - started)));
  }
  const cpuPerEvent = ((cpuSeconds(pid) - cpu) * 1e6) / (puts * watchers);
  return { putP50: median(putMs), delayP99: quantile(delays, 0.99), cpuPerEvent };
}

function jsonCrowd(url: URL): Crowd {
  const body = JSON.stringify({ create_request: prefixRange(prefix) });
  const head = `POST /v3/watch HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const tally = tallyOf(Buffer.from('"created":true'), Buffer.from('"mod_revision"'));
  const sockets = Array.from({ length: watchers }, (_, index) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.on('data', tally.take(index)).on('error', () => undefined);
    socket.write(head + body);
    return socket;
  });
  return { ...tally, [Symbol.dispose]: () => sockets.forEach((socket) => socket.destroy()) };
}

function grpcCrowd(url: URL): Crowd {
  const { key, end } = rangeOf(prefix);
  const create = { key, ...(end === undefined ? {} : { range_end: end }) };
  const message = rpc.watch.requestSerialize({ create_request: create });
  const frame = Buffer.concat([Buffer.alloc(5), message]);
  frame.writeUInt32BE(message.length, 1);
  // Of a WatchResponse: field 3, true; and of an event's key its beginning.
  const tally = tallyOf(Buffer.of(0x18, 0x01), Buffer.from(`${prefix}k`));
  const headers = { ':method': 'POST', ':path': rpc.watch.path, 'content-type': 'application/grpc', te: 'trailers' };
  const sessions = Array.from({ length: watchers }, (_, index) => {
    const session = connectHttp2(url).on('error', () => undefined);
    const stream = session.request(headers, { endStream: false });
    stream.on('data', tally.take(index)).on('error', () => undefined);
    stream.write(frame);
    return session;
  });
  return { ...tally, [Symbol.dispose]: () => sessions.forEach((session) => session.destroy()) };
}

interface Tally extends Omit<Crowd, typeof Symbol.dispose> {
  readonly take: (index: number) => (chunk: Buffer) => void;
}

/** The marks stand once in the answer to a creation, and once in each event. */
function tallyOf(created: Buffer, event: Buffer): Tally {
  let [creations, events] = [0, 0];
  const lastAt = new Float64Array(watchers);
  return {
    received: () => events,
    created: () => creations,
    lastAt,
    take: (index) => (chunk) => {
      lastAt[index] = performance.now();
      let found = false;
      for (let at = chunk.indexOf(event); at >= 0; at = chunk.indexOf(event, at + event.length)) {
        events++;
        found = true;
      }
      if (!found && chunk.includes(created)) creations++;
    },
  };
}

async function watchesAt(etcd: URL): Promise<number> {
  const text = await (await fetch(new URL('/metrics', etcd))).text();
  return Number(/^etcd_debugging_mvcc_watcher_total (\d+)$/m.exec(text)?.[1]);
}

function residentKilobytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

export const watchFanout: Benchmark = { name: 'watch-fanout', run };
