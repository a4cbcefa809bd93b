/** What the etcd link costs for each event that passes, against a relay that looks at nothing. */
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises';
import { Etcd3 } from 'etcd3';
import { linkWorkload } from '../harness/etcd-link/workload.ts';
import { freePort, startEtcd } from '../test/support/etcd.ts';
import { prefixRange } from '../test/support/json-watch.ts';
import { until } from '../test/support/http.ts';
import { cpuSeconds } from './cpu-time.ts';
import { type PinnedProcess, accepts, startPinned } from './pinned-process.ts';
import { type Benchmark, type Goal, type Row, measured, median } from './row.ts';

const watchers = 100;
const puts = 120;
const rounds = 3;
const value = 'v'.repeat(600);
const prefix = '/link/';
/** The one core for all: what is compared is processor time, not delay. */
const core = 0;

const goals = {
  grpc: { id: 'etcd-link-grpc', what: 'etcd link CPU per event / a TCP relay, gRPC', unit: 'x', atMost: 2.5 },
  json: { id: 'etcd-link-json', what: 'etcd link CPU per event / a TCP relay, JSON', unit: 'x', atMost: 2.5 },
} satisfies Readonly<Record<string, Goal>>;

type Protocol = keyof typeof goals;

/** Watchers, each on a connection of its own. */
interface Crowd extends Disposable {
  readonly events: () => number;
  readonly created: () => number;
}

async function run(): Promise<readonly Row[]> {
  await using etcd = await startEtcd();
  const ports = { relay: await freePort(), link: await freePort() };
  const control = new URL(`http://127.0.0.1:${await freePort()}`);
  const listen = new URL(`http://127.0.0.1:${ports.link}`);
  const { command, args, env } = linkWorkload({ listen, control, upstreams: [etcd.url] });
  const relayArgs = [`${import.meta.dirname}/tcp-relay.ts`, String(ports.relay), etcd.url.port];
  await using relay = await startPinned(core, [process.execPath, ...relayArgs], () => accepts(ports.relay));
  await using link = await startPinned(core, [command, ...args], () => accepts(ports.link), env);
  const client = new Etcd3({ hosts: etcd.url.origin });
  const seen: Record<Protocol, { relay: number[]; link: number[] }> = {
    grpc: { relay: [], link: [] },
    json: { relay: [], link: [] },
  };
  // The first round warms both up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const protocol of ['grpc', 'json'] as const) {
      for (const [name, each] of Object.entries({ relay, link }) as ['relay' | 'link', PinnedProcess][]) {
        const cost = await drive(client, protocol, ports[name], each.pid);
        if (round > 0) seen[protocol][name].push(cost);
      }
    }
  }
  client.close();
  return (['grpc', 'json'] as const).map((protocol) => {
    const { relay, link } = seen[protocol];
    const ratios = link.map((cost, index) => cost / (relay[index] ?? Number.NaN));
    const text = `${median(link).toFixed(1)} us and ${median(relay).toFixed(1)} us, rounds ${ratios.map((each) => each.toFixed(2)).join(' ')}`;
    const how = `${watchers} watchers, ${puts} puts of ${value.length} bytes, one at a time; median of ${rounds} interleaved rounds`;
    return measured(goals[protocol], median(ratios), `${text}; ${how}`);
  });
}

/** Microseconds of the process for each event that each watcher got. */
async function drive(client: Etcd3, protocol: Protocol, port: number, pid: number): Promise<number> {
  using crowd = protocol === 'grpc' ? grpcCrowd(port) : jsonCrowd(port);
  await until(() => crowd.created() === watchers, 'every client watches');
  await sleep(100);
  const before = cpuSeconds(pid);
  for (let n = 1; n <= puts; n++) {
    await client.put(`${prefix}k`).value(value);
    // Without a pause, which a timer would make of a millisecond: this process is not what is measured.
    while (crowd.events() < n * watchers) await immediately();
  }
  return ((cpuSeconds(pid) - before) * 1e6) / (puts * watchers);
}

function jsonCrowd(port: number): Crowd {
  const body = JSON.stringify({ create_request: prefixRange(prefix) });
  const head = `POST /v3/watch HTTP/1.1\r\nHost: etcd\r\nContent-Length: ${body.length}\r\n\r\n`;
  const tally = tallyOf(Buffer.from('"created":true'), Buffer.from('"mod_revision"'));
  const sockets = Array.from({ length: watchers }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('data', tally.take).on('error', () => undefined);
    socket.write(head + body);
    return socket;
  });
  return { ...tally, [Symbol.dispose]: () => sockets.forEach((socket) => socket.destroy()) };
}

function grpcCrowd(port: number): Crowd {
  const tally = tallyOf(Buffer.of(0x18, 0x01), Buffer.from(`${prefix}k`));
  const { key, range_end: end } = prefixRange(prefix);
  // WatchRequest{create_request=1{key=1, range_end=2}}
  const range = [key, end].map((text, index) => field(index + 1, Buffer.from(text, 'base64')));
  const message = field(1, Buffer.concat(range));
  const frame = Buffer.concat([Buffer.of(0, 0, 0, 0, message.length), message]);
  const headers = {
    ':method': 'POST',
    ':path': '/etcdserverpb.Watch/Watch',
    'content-type': 'application/grpc',
    te: 'trailers',
  };
  const sessions = Array.from({ length: watchers }, () => {
    const session = connectHttp2(`http://127.0.0.1:${port}`).on('error', () => undefined);
    const stream = session.request(headers, { endStream: false });
    stream.on('data', tally.take).on('error', () => undefined);
    stream.write(frame);
    return session;
  });
  return { ...tally, [Symbol.dispose]: () => sessions.forEach((session) => session.destroy()) };
}

/** Fields of tests are shorter than 128 bytes. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2, bytes.length), bytes]);
}

interface Tally extends Omit<Crowd, typeof Symbol.dispose> {
  readonly take: (chunk: Buffer) => void;
}

/** The marks stand once in the answer to a creation, and once in each event. */
function tallyOf(created: Buffer, event: Buffer): Tally {
  let [creations, events] = [0, 0];
  return {
    events: () => events,
    created: () => creations,
    take(chunk) {
      let found = 0;
      for (let at = chunk.indexOf(event); at >= 0; at = chunk.indexOf(event, at + event.length)) found++;
      events += found;
      if (found === 0 && chunk.includes(created)) creations++;
    },
  };
}

export const etcdLink: Benchmark = { name: 'etcd-link', run };
