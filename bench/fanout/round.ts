/** One round: one way from etcd to so many watchers, put up fresh, driven at one rate after the other. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { threadSeconds } from '../cpu-time.ts';
import { quantile } from '../row.ts';
import { type Clients, startClients } from './clients.ts';
import { type Way, type WayName, startWay } from './ways.ts';

export interface Pace {
  readonly ratePerSecond: number;
  readonly seconds: number;
}

/** What one pace came to. Delays and times in milliseconds, shares of one core. */
export interface Figures extends Pace {
  readonly putP50Ms: number;
  readonly putP99Ms: number;
  /** From sending a put to its bytes at a watcher; null with no watchers. */
  readonly delayP50Ms: number | null;
  readonly delayP99Ms: number | null;
  readonly expected: number;
  /** Of those, what had come 1.5 s after the last put was answered. */
  readonly delivered: number;
  readonly etcdCpu: number;
  /** Of what stands before etcd; 0 without. */
  readonly proxyCpu: number;
  /** Of whoever has the watchers. */
  readonly cpuPerEventUs: number | null;
  readonly clientsCpu: number;
}

export interface Round {
  readonly way: WayName;
  readonly watchers: number;
  readonly watchersAtEtcd: number;
  readonly streamsAtEtcd: number;
  /**
   * Growth of the resident memory of whoever has the watchers, from a tenth of them and the warm-up to all of them and all
   * paces, for each that came: what a process takes anyway before it is warm is no watcher's. Kilobytes.
   */
  readonly memoryPerWatcherKb: number | null;
  readonly paces: readonly Figures[];
}

/** About as many events as a pace brings: until then a process compiles, and its heap grows for its own sake. */
const warmUp = { eventsPerSecond: 20_000, mostPuts: 200, seconds: 15 };
/** How long events may take to come after the last put was answered. Milliseconds. */
const patienceMs = 1_500;
/** After the warm-up no pace is to begin with what is left of it. Milliseconds. */
const warmUpPatienceMs = 30_000;
/** Watchers at which delays are taken; the others only count. */
const mostProbes = 50;

export async function runRound(name: WayName, watchers: number, paces: readonly Pace[]): Promise<Round> {
  await using way = await startWay(name);
  await using clients = await startClients();
  const { protocol, server, etcd } = way;
  const first = Math.ceil(watchers / 10);
  const connect = async (more: number): Promise<void> => {
    const probes = Math.ceil(more * Math.min(0.5, mostProbes / watchers));
    if (protocol !== undefined) await clients.connect(server.url, protocol, more, probes);
  };
  await connect(first);
  const ratePerSecond = Math.min(warmUp.mostPuts, Math.round(warmUp.eventsPerSecond / first));
  let from = (await drive(way, clients, { ratePerSecond, seconds: warmUp.seconds }, 0, warmUpPatienceMs)).next;
  const before = residentKilobytes(server.pid);
  await connect(watchers - first);
  const [watchersAtEtcd, streamsAtEtcd] = await watchesAt(etcd.url);
  const figures: Figures[] = [];
  for (const pace of paces) {
    const driven = await drive(way, clients, pace, from, patienceMs);
    from = driven.next;
    figures.push(driven.figures);
  }
  const grown = residentKilobytes(server.pid) - before;
  const memoryPerWatcherKb = clients.watchers === 0 ? null : grown / (watchers - first);
  return { way: name, watchers: clients.watchers, watchersAtEtcd, streamsAtEtcd, memoryPerWatcherKb, paces: figures };
}

interface Driven {
  readonly next: number;
  readonly figures: Figures;
}

async function drive(
  { etcd, server, puts }: Way,
  clients: Clients,
  pace: Pace,
  from: number,
  patienceMs: number,
): Promise<Driven> {
  const count = Math.round(pace.ratePerSecond * pace.seconds);
  const expected = count * clients.watchers;
  const cpu = () => ({ etcd: threadSeconds(etcd.pid), server: threadSeconds(server.pid), at: performance.now() });
  const start = { ...cpu(), ...(await clients.count(from)) };
  const { putMs } = await clients.write({ etcd: puts.origin, from, count, ratePerSecond: pace.ratePerSecond });
  const deadline = performance.now() + patienceMs;
  let end = { ...cpu(), ...(await clients.tally()) };
  while (end.events < expected && performance.now() < deadline) {
    await sleep(50);
    end = { ...cpu(), ...(await clients.tally()) };
  }
  if (end.lost > 0) throw new Error(`${end.lost} watches were ended by ${server.url.host}`);
  const seconds = (end.at - start.at) / 1_000;
  const spent = end.server - start.server;
  const any = end.delaysMs.length > 0;
  const figures: Figures = {
    ...pace,
    putP50Ms: quantile(putMs, 0.5),
    putP99Ms: quantile(putMs, 0.99),
    delayP50Ms: any ? quantile(end.delaysMs, 0.5) : null,
    delayP99Ms: any ? quantile(end.delaysMs, 0.99) : null,
    expected,
    delivered: end.events,
    etcdCpu: (end.etcd - start.etcd) / seconds,
    proxyCpu: server === etcd ? 0 : spent / seconds,
    cpuPerEventUs: end.events > 0 ? (spent * 1e6) / end.events : null,
    clientsCpu: (end.cpuSeconds - start.cpuSeconds) / seconds,
  };
  return { next: from + count, figures };
}

/** Watchers and watch streams, as etcd itself counts them. */
async function watchesAt(etcd: URL): Promise<readonly [number, number]> {
  const text = await (await fetch(new URL('/metrics', etcd))).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return [value('etcd_debugging_mvcc_watcher_total'), value('etcd_debugging_mvcc_watch_stream_total')];
}

function residentKilobytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
