import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { doingOfGateway } from '../../../harness/model/errors.ts';
import type { Seq } from '../../../harness/model/history.ts';
import type { Gateway } from '../../../harness/model/ports.ts';
import { RouteTable } from '../../../harness/model/route-table.ts';
import { awaitConvergence, finalReads } from '../../../harness/probes/final-reads.ts';
import { followWrites } from '../../../harness/probes/visibility.ts';
import { connectWorkers } from '../../../harness/probes/workers.ts';
import { startRawServer } from '../../support/http.ts';
import { memoryRecorder } from '../../support/recorder.ts';

const within = { timeout: 30_000 };
const never = new AbortController().signal;

interface TwoWorkers extends AsyncDisposable {
  readonly gateway: Gateway;
  /** What each worker serves, by path. */
  readonly served: readonly [Map<string, Seq>, Map<string, Seq>];
  readonly server: Server;
  /** Requests that came so far. */
  requests(): number;
}

/** A third-party gateway as seen from outside: connections go to one of two workers, each with its own table. */
async function twoWorkers(header: string | undefined): Promise<TwoWorkers> {
  const served = [new Map<string, Seq>(), new Map<string, Seq>()] as const;
  const workerOf = new WeakMap<Socket, 0 | 1>();
  let connections = 0;
  let requests = 0;
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    requests++;
    const worker = workerOf.get(request.socket) ?? 0;
    if (header !== undefined) response.setHeader(header, `w${worker}`);
    const seq = served[worker].get(request.url ?? '') ?? null;
    if (seq === null) response.writeHead(404).end();
    else response.end(`/seq/${seq}`);
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  server.on('connection', (socket) => void workerOf.set(socket, connections++ % 3 === 0 ? 1 : 0));
  await new Promise((resolve) => server.once('listening', resolve));
  const traffic = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    served,
    server,
    requests: () => requests,
    gateway: { traffic, workerHeader: header, workers: 2 } as Gateway,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function tableServed({ served }: TwoWorkers): RouteTable {
  const table = new RouteTable({ settled: 3, ballast: 40, probes: 4 });
  for (const { path, seq } of table.initial) for (const worker of served) worker.set(path, seq);
  return table;
}

test('every worker is found by its name, and each keeps one connection', async () => {
  await using stub = await twoWorkers('x-worker');
  await using workers = await connectWorkers(stub.gateway, never);
  expect(workers.all.map(({ name }) => name)).toEqual(['w0', 'w1']);
});

test('a product without names is read on so many fresh connections that a worker is hardly missed', async () => {
  await using stub = await twoWorkers(undefined);
  await using workers = await connectWorkers(stub.gateway, never);
  expect(workers.all).toHaveLength(Math.ceil(2 * (Math.log(2) + 14)));
});

test.each([
  ['hangs up on us', (socket: Socket) => void socket.destroy(), /got no answer: (other side closed|read ECONNRESET)/],
  ['does not answer us', () => undefined, /got no answer: The operation was aborted due to timeout/],
])('a gateway that has said that it is ready and %s is not ready by its own doing', async (_what, act, words) => {
  await using server = await startRawServer(act);
  const traffic = new URL(`http://127.0.0.1:${server.port}`);
  const gateway = { traffic, workerHeader: undefined, workers: 1 } as Gateway;
  const error = await connectWorkers(gateway, never).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'GATEWAY_NOT_READY' });
  expect(doingOfGateway(error)).toMatch(words);
  const reason = new Error('the trial is over');
  await expect(connectWorkers(gateway, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('a lost connection is opened again to the same worker, never to another', async () => {
  await using stub = await twoWorkers('x-worker');
  const table = tableServed(stub);
  stub.served[1].set('/probe/0', 99);
  await using workers = await connectWorkers(stub.gateway, never);
  stub.server.closeAllConnections();
  const [w0, w1] = workers.all;
  const read = async (worker: typeof w0): Promise<unknown> => (await worker?.read('/probe/0', never))?.got;
  await expect.poll(() => read(w1), within).toBe(99);
  await expect.poll(() => read(w0), within).toBe(table.expected('probe-0'));
});

test('a write is visible when the last worker shows it, and its delay counts from the invocation', async () => {
  await using stub = await twoWorkers('x-worker');
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  const stop = new AbortController();
  const following = followWrites({ table, workers, again: false }, recorder, stop.signal);
  table.committed('probe-1', 500, recorder.now() - 1_000);
  table.committed('probe-2', null, recorder.now());
  stub.served[0].set('/probe/1', 500);
  stub.served[0].delete('/probe/2');
  stub.served[1].delete('/probe/2');
  const visible = (): readonly string[] =>
    recorder.history.flatMap((line) => (line.kind === 'visible' ? [line.route] : []));
  await expect.poll(visible, within).toEqual(['probe-2']);
  stub.served[1].set('/probe/1', 500);
  await expect.poll(visible, within).toEqual(['probe-2', 'probe-1']);
  const shown = recorder.history.flatMap((o) => (o.kind === 'shown' ? [`${o.worker} ${o.route} ${o.seq}`] : []));
  expect(shown.toSorted()).toEqual(['w0 probe-1 500', 'w0 probe-2 null', 'w1 probe-1 500', 'w1 probe-2 null']);
  expect(shown.at(-1)).toBe('w1 probe-1 500');
  const last = recorder.history.at(-1);
  expect(last?.kind === 'visible' && last.delayMs).toBeGreaterThan(1_000);
  stop.abort();
  await following;
});

test('what every worker has shown is looked at again: an undone change, and a deleted route that is back', async () => {
  await using stub = await twoWorkers('x-worker');
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  const stop = new AbortController();
  const following = followWrites({ table, workers, again: true }, recorder, stop.signal);
  const before = table.expected('probe-1');
  const deleted = table.expected('probe-2');
  table.committed('probe-1', 500, recorder.now());
  table.committed('probe-2', null, recorder.now());
  for (const worker of stub.served) {
    worker.set('/probe/1', 500);
    worker.delete('/probe/2');
  }
  const lines = (kind: string): number => recorder.history.filter((line) => line.kind === kind).length;
  await expect.poll(() => lines('visible'), within).toBe(2);
  expect(lines('read')).toBe(0);
  stub.served[1].set('/probe/1', Number(before));
  stub.served[0].set('/probe/2', Number(deleted));
  const seen = (): ReadonlySet<string> =>
    new Set(
      recorder.history.flatMap((line) =>
        line.kind === 'read' ? [`${line.purpose} ${line.worker} ${line.route} ${line.got}`] : [],
      ),
    );
  await expect.poll(seen, within).toEqual(new Set([`again w1 probe-1 ${before}`, `again w0 probe-2 ${deleted}`]));
  // Being changed once more, it may be in either state.
  const reads = lines('read');
  table.committed('probe-1', Number(before), recorder.now());
  stub.served[0].set('/probe/1', Number(before));
  stub.served[0].delete('/probe/2');
  stop.abort();
  await following;
  expect(lines('read') - reads).toBeLessThanOrEqual(1);
  expect(recorder.history.at(-1)).toMatchObject({ kind: 'sample', value: expect.any(Number) });
});

test('many writes that nobody shows, on many connections, do not turn the probe into a load', async () => {
  await using stub = await twoWorkers(undefined);
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  for (const { id } of table.probes) table.committed(id, 10_000, recorder.now());
  const round = table.probes.length * workers.all.length;
  const [before, since] = [stub.requests(), performance.now()];
  const stop = new AbortController();
  const following = followWrites({ table, workers, again: false }, recorder, stop.signal);
  await expect.poll(() => stub.requests() - before, within).toBeGreaterThan(15 * round);
  const perSecond = (1_000 * (stub.requests() - before - round)) / (performance.now() - since);
  stop.abort();
  await following;
  expect(perSecond).toBeLessThan(1_500);
});

test('convergence waits for the last stale worker and says how long it took', async () => {
  await using stub = await twoWorkers('x-worker');
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  table.committed('probe-1', 500, 0);
  stub.served[0].set('/probe/1', 500);
  const waiting = awaitConvergence({ table, workers, healedAtMs: recorder.now(), withinMs: 10_000 }, recorder, never);
  setTimeout(() => stub.served[1].set('/probe/1', 500), 200);
  expect(await waiting).toBe(true);
  expect(recorder.history).toMatchObject([{ kind: 'converged' }]);
});

test('what stays stale is named by route and worker when the time is over', async () => {
  await using stub = await twoWorkers('x-worker');
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  const before = table.expected('probe-1');
  table.committed('probe-1', 500, 0);
  stub.served[0].set('/probe/1', 500);
  expect(await awaitConvergence({ table, workers, healedAtMs: 0, withinMs: 50 }, recorder, never)).toBe(false);
  expect(recorder.history).toMatchObject([
    { kind: 'read', purpose: 'converge', worker: 'w1', route: 'probe-1', expected: 500, got: before },
  ]);
});

test('final reads find the one stale worker, a resurrected route and a ballast route that is gone', async () => {
  await using stub = await twoWorkers('x-worker');
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  table.committed('probe-0', null, 0);
  stub.served[1].delete('/probe/0');
  stub.served[1].delete('/ballast/39');
  await finalReads({ table, workers }, recorder, never);
  const wrong = recorder.history.flatMap((line) =>
    line.kind === 'read' && line.got !== line.expected ? [`${line.worker} ${line.route} ${line.got}`] : [],
  );
  expect(wrong.toSorted()).toEqual([`w0 probe-0 ${table.probes[0]?.seq}`, 'w1 ballast-39 null']);
  expect(recorder.history.at(-1)).toMatchObject({ metric: 'final-reads', value: 2 * 47 });
});

test('final reads tell of routes that were written again as of those that were written', async () => {
  await using stub = await twoWorkers('x-worker');
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  table.writtenAgain('settled-1');
  await finalReads({ table, workers }, recorder, never);
  const routes = recorder.history.flatMap((line) => (line.kind === 'read' ? [line.route] : []));
  const probes = table.probes.map(({ id }) => id);
  expect(routes.toSorted()).toEqual(['settled-1', ...probes].flatMap((route) => [route, route]).toSorted());
});

test('a connection lost in the middle of the final reads leaves none of them unsaid', async () => {
  await using stub = await twoWorkers('x-worker');
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  table.committed('probe-0', 500, 0);
  for (const worker of stub.served) worker.set('/probe/0', 500);
  const last = stub.requests() + 30;
  stub.server.on('request', () => {
    if (stub.requests() === last) stub.server.closeAllConnections();
  });
  await finalReads({ table, workers }, recorder, never);
  const reads = recorder.history.flatMap((line) =>
    line.kind === 'read' ? [`${line.worker} ${line.route} ${line.got}`] : [],
  );
  const probes = table.probes.map(({ id }) => `${id} ${table.expected(id)}`);
  expect(reads.toSorted()).toEqual(['w0', 'w1'].flatMap((worker) => probes.map((probe) => `${worker} ${probe}`)));
});

test('a worker that hangs holds up a read for a bounded time, and says why', async () => {
  await using stub = await twoWorkers('x-worker');
  await using workers = await connectWorkers(stub.gateway, never);
  stub.server.removeAllListeners('request');
  // One read and one try for another connection. A try for each that might hit the worker would take a minute.
  const answers = await Promise.all(workers.all.map((worker) => worker.read('/probe/0', never)));
  for (const answer of answers)
    expect(answer).toMatchObject({ got: 'error', detail: expect.stringMatching(/timeout/) });
});
