/**
 * Watchers that count what comes, and a writer: run twice, once as the crowd and once as the writer with the probes. An
 * event's delay is known where its put was sent, so a probe is nothing but a watcher in the writer's process.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Etcd3 } from 'etcd3';
import { type WatchListener, openGrpcWatch } from '../../harness/faults/storm/grpc-watch.ts';
import { threadSeconds } from '../cpu-time.ts';
import { openJsonWatch } from './json-watch.ts';
import { type Protocol, createScanner, numberedPut, prefix } from './marks.ts';

/** Each is answered by one message: `tally` and `count` by a tally, `connect` and `write` when done. */
export type Order =
  | { readonly do: 'connect'; readonly url: string; readonly protocol: Protocol; readonly count: number }
  /** From here on only events with this number or a higher one count. */
  | { readonly do: 'count'; readonly from: number }
  /** Puts numbered from `from`, each sent when it is due, whether those before it are answered or not. */
  | Writes
  | { readonly do: 'tally' };

export interface Writes {
  readonly do: 'write';
  readonly etcd: string;
  readonly from: number;
  readonly count: number;
  readonly ratePerSecond: number;
}

export interface Tally {
  readonly events: number;
  /** Watches that the server ended. */
  readonly lost: number;
  readonly cpuSeconds: number;
  /** From sending a put to its bytes at a watcher here; empty where nothing is written. Milliseconds. */
  readonly delaysMs: readonly number[];
}

export interface Written {
  readonly putMs: readonly number[];
}

const open = { grpc: openGrpcWatch, json: openJsonWatch } as const;
const watches: Socket[] = [];
const sentAt = new Map<number, number>();
let delaysMs: number[] = [];
let [from, events, lost] = [0, 0, 0];

function onEvent(n: number): void {
  if (n < from) return;
  events++;
  const sent = sentAt.get(n);
  if (sent !== undefined) delaysMs.push(performance.now() - sent);
}

function connectOne(url: URL, protocol: Protocol): Promise<void> {
  return new Promise((resolve) => {
    const data = createScanner(protocol, onEvent);
    const listener: WatchListener = { created: resolve, data, lost: () => void lost++ };
    watches.push(open[protocol](url, prefix, listener));
  });
}

async function write({ etcd, from, count, ratePerSecond }: Writes): Promise<Written> {
  const client = new Etcd3({ hosts: etcd });
  const putMs: number[] = [];
  const puts: Promise<unknown>[] = [];
  // The first request on a connection is slower than any other.
  await client.get(prefix);
  const start = performance.now();
  for (let n = from; n < from + count; n++) {
    await sleep(Math.max(0, start + ((n - from) * 1_000) / ratePerSecond - performance.now()));
    const { key, value } = numberedPut(n);
    const sent = performance.now();
    sentAt.set(n, sent);
    const put = client.put(key).value(value).exec();
    puts.push(put.then(() => putMs.push(performance.now() - sent)));
  }
  await Promise.all(puts);
  client.close();
  return { putMs };
}

function tally(): Tally {
  return { events, lost, cpuSeconds: threadSeconds(process.pid), delaysMs };
}

async function obey(order: Order): Promise<object> {
  switch (order.do) {
    case 'connect':
      await Promise.all(Array.from({ length: order.count }, () => connectOne(new URL(order.url), order.protocol)));
      return {};
    case 'count':
      [from, events, delaysMs] = [order.from, 0, []];
      return tally();
    case 'write':
      return await write(order);
    case 'tally':
      return tally();
  }
}

process.on('message', (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
