import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import type { LoadTarget } from '../../../harness/load/load-messages.ts';
import { startLoad } from '../../../harness/load/open-loop.ts';
import type { PhaseLatency } from '../../../harness/model/evidence.ts';
import type { Phase } from '../../../harness/model/history.ts';
import { freePort } from '../../support/etcd.ts';
import { until } from '../../support/http.ts';
import { type MemoryRecorder, memoryRecorder } from '../../support/recorder.ts';

async function serve(listener: RequestListener): Promise<{ readonly origin: string } & AsyncDisposable> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const target = { route: 'settled-0', path: '/settled/0', seq: 7 };

async function drive(
  traffic: string,
  ms: number,
  recorder: MemoryRecorder = memoryRecorder(),
  asked: LoadTarget = target,
): Promise<PhaseLatency> {
  await using load = await startLoad(
    { traffic, targets: [asked], ratePerSecond: 200, connections: 8, seed: 1 },
    recorder,
  );
  load.enter('warmup');
  await sleep(ms);
  const [warmup] = await load.finish();
  if (warmup === undefined) throw new Error('the first phase is warmup');
  return warmup;
}

function p99Ms({ histogram }: PhaseLatency): number {
  return decodeFromCompressedBase64(histogram, 32, false).getValueAtPercentile(99) / 1_000;
}

test.each<[string, RequestListener, Readonly<Record<string, RegExp>>]>([
  ['a right answer', (_request, response) => response.end('/seq/7'), {}],
  ['another sequence', (_request, response) => response.end('/seq/6'), { 'wrong-seq': /./ }],
  ['half a sequence', (_request, response) => response.end('/seq/'), { 'wrong-seq': /./ }],
  ['404', (_request, response) => response.writeHead(404).end(), { '404': /./ }],
  ['503', (_request, response) => response.writeHead(503).end(), { '503': /./ }],
  ['a reset connection', (request) => request.socket.resetAndDestroy(), { reset: /./ }],
])('%s is counted as what it is', async (_case, listener, errors) => {
  await using server = await serve(listener);
  const phase = await drive(server.origin, 300);
  expect(Object.keys(phase.errors)).toEqual(Object.keys(errors));
  const counted = Object.values(phase.errors).reduce((sum, count) => sum + count, 0);
  expect(phase.ok + counted).toBe(phase.planned);
  expect(phase.planned).toBeGreaterThan(20);
});

test('a route of a host is asked for at that host, whatever the address', async () => {
  const hosts = new Set<string | undefined>();
  await using server = await serve((request, response) => {
    hosts.add(request.headers.host);
    response.end('/seq/7');
  });
  const phase = await drive(server.origin, 300, memoryRecorder(), { ...target, host: 'a.test' });
  expect([phase.ok, [...hosts]]).toEqual([phase.planned, ['a.test']]);
});

test('a refused connection is counted as refused', async () => {
  const phase = await drive(`http://127.0.0.1:${await freePort()}`, 300);
  expect(Object.keys(phase.errors)).toEqual(['refused']);
});

test('only a lost or wrong route is a wrong answer; a 503 may be overload', async () => {
  const recorder = memoryRecorder();
  const statuses = [404, 503, 200];
  let served = 0;
  await using server = await serve((_request, response) =>
    response.writeHead(statuses[served++ % 3] ?? 200).end('/seq/7'),
  );
  await drive(server.origin, 300, recorder);
  const wrong = recorder.history.flatMap((line) => (line.kind === 'wrong-answer' ? [line.status] : []));
  expect(new Set(wrong)).toEqual(new Set([404]));
  expect(wrong.length).toBe(Math.ceil(served / 3));
});

test('a stall is charged to every request that was due meanwhile, not only to those that were sent', async () => {
  let stalledUntil = 0;
  await using server = await serve((_request, response) => {
    const wait = stalledUntil - performance.now();
    if (wait > 0) setTimeout(() => response.end('/seq/7'), wait);
    else response.end('/seq/7');
  });
  await using load = await startLoad(
    { traffic: server.origin, targets: [target], ratePerSecond: 200, connections: 8, seed: 1 },
    memoryRecorder(),
  );
  load.enter('warmup');
  await sleep(500);
  stalledUntil = performance.now() + 500;
  await sleep(600);
  const [phase] = await load.finish();
  if (phase === undefined) throw new Error('the first phase is warmup');
  // 500 ms of 200 a second with 8 connections: a closed loop would have seen 8 slow requests of 220, this one 100.
  const slow = decodeFromCompressedBase64(phase.histogram, 32, false);
  expect(slow.getValueAtPercentile(80) / 1_000).toBeGreaterThan(50);
  expect(p99Ms(phase)).toBeGreaterThan(400);
  expect(phase.planned).toBeGreaterThanOrEqual(210);
});

test('a gateway that hangs costs every request the whole limit, also those that never got a connection', async () => {
  await using server = await serve(() => undefined);
  const recorder = memoryRecorder();
  await using load = await startLoad(
    { traffic: server.origin, targets: [target], ratePerSecond: 4_000, connections: 2, seed: 1 },
    recorder,
  );
  load.enter('warmup');
  await sleep(250);
  const [phase] = await load.finish();
  if (phase === undefined) throw new Error('the first phase is warmup');
  expect(Object.keys(phase.errors).toSorted()).toEqual(['timeout', 'unsent']);
  const { timeout = 0, unsent = 0 } = phase.errors;
  // Two connections, each kept by one request to the end.
  expect([phase.ok, timeout, unsent]).toEqual([0, 2, phase.planned - 2]);
  const latency = decodeFromCompressedBase64(phase.histogram, 32, false);
  expect(latency.getValueAtPercentile(0) / 1_000).toBeGreaterThan(4_990);
  // The lines of the history tell all of it, the last part of a second too.
  const seconds = recorder.history.flatMap((line) => (line.kind === 'load' ? [line] : []));
  expect(seconds.reduce((sum, { sent }) => sum + sent, 0)).toBe(phase.planned);
  const told = seconds.flatMap(({ errors }) => Object.values(errors)).reduce((sum, count) => sum + count, 0);
  expect(told).toBe(phase.planned);
  // The longest latency is told of seconds in which something was answered, and of no others.
  const answered = seconds.map(({ errors }) => Object.keys(errors).length > 0);
  expect(seconds.map(({ maxMs }) => maxMs !== undefined)).toEqual(answered);
  expect(Math.max(...seconds.flatMap(({ maxMs }) => maxMs ?? []))).toBeGreaterThan(4_990);
});

test('a request counts to the phase in which it was due', async () => {
  await using server = await serve((_request, response) => response.end('/seq/7'));
  let [answered, counts] = [-1, 0];
  await using load = await startLoad(
    { traffic: server.origin, targets: [target], ratePerSecond: 200, connections: 8, seed: 1 },
    memoryRecorder(),
    ({ good, bad }) => {
      // With each phase it counts from nothing.
      if (answered < 0 || good + bad < answered) counts++;
      answered = good + bad;
    },
  );
  /** The engine is another thread: between these two moments it has entered the phase. */
  const entered = async (phase: Phase, nth: number): Promise<readonly [number, number]> => {
    const told = performance.now();
    load.enter(phase);
    await until(() => counts === nth, `the engine is in the phase ${phase}`);
    return [told, performance.now()];
  };
  load.enter('warmup');
  await sleep(200);
  const baseline = await entered('baseline', 1);
  // So many that the next count is seen to begin anew.
  await until(() => answered >= 100, 'the baseline counts');
  const fault = await entered('fault', 2);
  await sleep(200);
  const end = performance.now();
  const phases = await load.finish();
  expect(phases.map(({ phase }) => phase)).toEqual(['warmup', 'baseline', 'fault']);
  const [, inBaseline = 0, inFault = 0] = phases.map(({ planned }) => planned / 200);
  expect(inBaseline).toBeGreaterThan((fault[0] - baseline[1]) / 1_000 - 0.01);
  expect(inBaseline).toBeLessThan((fault[1] - baseline[0]) / 1_000 + 0.01);
  expect(inFault).toBeGreaterThan((end - fault[1]) / 1_000 - 0.01);
  expect(inFault).toBeLessThan((performance.now() - fault[0]) / 1_000 + 0.01);
});
