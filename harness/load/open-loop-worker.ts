/**
 * The thread of the load engine. Request i is due at start + i / rate, fixed in advance; its latency counts from then,
 * so that a stalled gateway is charged for every request that should have been sent meanwhile (no coordinated omission).
 * Constant spacing rather than random arrivals: both arms of a block then see the very same schedule.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Pool } from 'undici';
import type { Phase } from '../model/history.ts';
import type { FromWorker, LoadOptions, ToWorker } from './load-messages.ts';
import { PhaseMeters } from './phase-meters.ts';
import { Exchange } from './exchange.ts';

const tickMs = 1;
/** How soon gross harm is seen: at 1300 requests a second, of which 5 % go wrong, within three of these. */
const tallyMs = 50;
/** A request without its whole answer this long after its intended send has failed. */
const timeoutMs = 5_000;

const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const options = workerData as LoadOptions;
const say = (message: FromWorker): void => port.postMessage(message);
const pool = new Pool(options.traffic, {
  connections: options.connections,
  pipelining: 1,
  // These only free the connections. They are a second coarse, and a request that waits for one is not seen by them.
  headersTimeout: timeoutMs,
  bodyTimeout: timeoutMs,
  keepAliveTimeout: 60_000,
});
const meters = new PhaseMeters(say);
const random = xoroshiro128plus(options.seed);
const targets = options.targets.map((target) => ({ ...target, body: Buffer.from(`/seq/${target.seq}`) }));
const intervalMs = 1_000 / options.ratePerSecond;
const outstanding = new Set<Exchange>();
/** When the first phase began; nothing is due before. */
let startedAt: number | undefined;
let sent = 0;
let sending = false;
const cpuBefore = process.threadCpuUsage();

function send(dueAt: number): void {
  const target = targets[uniformInt(random, 0, targets.length - 1)];
  if (target === undefined) throw new Error('load needs targets');
  const exchange = new Exchange(target, meters.meterAt(dueAt), dueAt, over);
  outstanding.add(exchange);
  const { path, host } = target;
  pool.dispatch({ path, method: 'GET', ...(host === undefined ? {} : { headers: { host } }) }, exchange);
}

/** An answer is a moment to look at the schedule: in a burst of answers the timer would have to wait for the last one. */
function over(exchange: Exchange): void {
  outstanding.delete(exchange);
  if (sending) sendDue();
}

function sendDue(): void {
  if (startedAt === undefined) return;
  const now = performance.now();
  for (let dueAt = startedAt + sent * intervalMs; dueAt <= now; dueAt = startedAt + sent * intervalMs) {
    sent++;
    send(dueAt);
  }
}

/** They stand in the order of their intended sends: the first that has time left ends the search. */
function giveUpOverdue(): void {
  const before = performance.now() - timeoutMs;
  for (const exchange of outstanding) {
    if (exchange.dueAt > before) return;
    exchange.giveUp();
  }
}

let ticking: NodeJS.Timeout | undefined;
let seconds: NodeJS.Timeout | undefined;
let tallies: NodeJS.Timeout | undefined;

function enter(phase: Phase): void {
  const now = performance.now();
  meters.enter(phase, now);
  if (startedAt !== undefined) return;
  startedAt = now;
  sending = true;
  ticking = setInterval(() => {
    sendDue();
    giveUpOverdue();
  }, tickMs);
  seconds = setInterval(() => meters.endSecond(), 1_000);
  tallies = setInterval(() => meters.sayTally(), tallyMs);
}

async function finish(): Promise<void> {
  clearInterval(ticking);
  sending = false;
  // What was due while the thread was held up counts too: left out, a stall at the end would not show.
  sendDue();
  while (outstanding.size > 0) {
    giveUpOverdue();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  clearInterval(seconds);
  clearInterval(tallies);
  meters.endSecond();
  const { user, system } = process.threadCpuUsage(cpuBefore);
  say({ kind: 'finished', latency: meters.finish(), cpuSeconds: (user + system) / 1e6, requests: sent });
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'enter':
      enter(message.phase);
      break;
    case 'finish':
      void finish();
      break;
  }
});
say({ kind: 'ready' });
