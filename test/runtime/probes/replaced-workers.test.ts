/** Workers end and others take their place while the probes read: no read is left unsaid, no worker left out. */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Observation, Seq } from '../../../harness/model/history.ts';
import type { Gateway } from '../../../harness/model/ports.ts';
import { RouteTable } from '../../../harness/model/route-table.ts';
import { awaitConvergence, finalReads } from '../../../harness/probes/final-reads.ts';
import { followWrites } from '../../../harness/probes/visibility.ts';
import { connectWorkers } from '../../../harness/probes/workers.ts';
import { until } from '../../support/http.ts';
import { memoryRecorder } from '../../support/recorder.ts';

const never = new AbortController().signal;
const within = { timeout: 30_000, interval: 5 };

interface Replaceable extends AsyncDisposable {
  readonly gateway: Gateway;
  /** What each worker serves, by path. */
  table(worker: string): Map<string, Seq>;
  /** Requests that it was sent. */
  reads(worker: string): number;
  /** Ends a worker with its connections; `by` takes its place with the same table. */
  replace(worker: string, by?: string): void;
}

/** A gateway as seen from outside: connections are dealt in turn to those workers that are there. */
async function replaceable(): Promise<Replaceable> {
  const workers = new Map<string, Map<string, Seq>>([
    ['1', new Map()],
    ['2', new Map()],
  ]);
  const workerOf = new Map<Socket, string>();
  const reads = new Map<string, number>();
  let dealt = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const worker = workerOf.get(request.socket) ?? '';
    response.setHeader('x-worker', worker);
    reads.set(worker, (reads.get(worker) ?? 0) + 1);
    const seq = workers.get(worker)?.get(request.url ?? '') ?? null;
    if (seq === null) response.writeHead(404).end();
    else response.end(`/seq/${seq}`);
  }).listen(0, '127.0.0.1');
  server.on('connection', (socket) => {
    const names = [...workers.keys()];
    workerOf.set(socket, names[dealt++ % names.length] ?? '');
    socket.once('close', () => workerOf.delete(socket));
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const traffic = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    gateway: { traffic, workerHeader: 'x-worker', workers: 2 } as Gateway,
    reads: (worker) => reads.get(worker) ?? 0,
    table: (worker) => workers.get(worker) ?? new Map(),
    replace(worker, by) {
      const table = workers.get(worker) ?? new Map<string, Seq>();
      workers.delete(worker);
      if (by !== undefined) workers.set(by, new Map(table));
      for (const [socket, name] of workerOf) if (name === worker) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function tableServed(stub: Replaceable): RouteTable {
  const table = new RouteTable({ settled: 3, ballast: 40, probes: 4 });
  for (const { path, seq } of table.initial) for (const worker of ['1', '2']) stub.table(worker).set(path, seq);
  return table;
}

test('a worker that was replaced leaves the set, and the new one is in it', async () => {
  await using stub = await replaceable();
  tableServed(stub);
  await using workers = await connectWorkers(stub.gateway, never);
  const [first] = workers.all;
  stub.replace('1', '3');
  expect(await first?.read('/probe/0', never)).toMatchObject({ got: 'error' });
  expect(workers.all.map(({ name }) => name)).toEqual(['2', '3']);
  for (const worker of workers.all) expect((await worker.read('/nothing', never)).got).toBe(null);
});

test('one that is gone without another in its place stays in the set, and says why nothing can be said', async () => {
  await using stub = await replaceable();
  tableServed(stub);
  await using workers = await connectWorkers(stub.gateway, never);
  const [first] = workers.all;
  stub.replace('1');
  for (let again = 0; again < 2; again++)
    expect(await first?.read('/probe/0', never)).toMatchObject({ got: 'error', detail: expect.stringContaining('1') });
  expect(workers.all.map(({ name }) => name)).toEqual(['1', '2']);
});

test('all at once replaced: all are followed', async () => {
  await using stub = await replaceable();
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  stub.replace('1', '3');
  stub.replace('2', '4');
  const read = { table, workers, healedAtMs: 0, withinMs: 10_000 };
  expect(await awaitConvergence(read, recorder, never)).toBe(true);
  expect(workers.all.map(({ name }) => name)).toEqual(['3', '4']);
});

test('a write is visible when those workers show it that are there now', async () => {
  await using stub = await replaceable();
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  const stop = new AbortController();
  const following = followWrites({ table, workers, again: false }, recorder, stop.signal);
  // Worker 2 shows the first write and goes; that nobody shows the second keeps all of them being read.
  stub.table('2').set('/probe/1', 500);
  table.committed('probe-1', 500, recorder.now());
  table.committed('probe-2', 501, recorder.now());
  await until(() => stub.reads('2') > 20, 'worker 2 was read');
  stub.table('2').set('/probe/1', 499);
  stub.replace('2', '3');
  await expect.poll(() => workers.all.map(({ name }) => name), within).toEqual(['1', '3']);
  stub.table('1').set('/probe/1', 500);
  const read = stub.reads('1');
  await until(() => stub.reads('1') > read + 20, 'worker 1 was read');
  const visible = (): readonly Observation[] => recorder.history.filter(({ kind }) => kind === 'visible');
  expect(visible()).toEqual([]);
  stub.table('3').set('/probe/1', 500);
  await expect.poll(visible, within).toMatchObject([{ kind: 'visible', route: 'probe-1' }]);
  stop.abort();
  await following;
});

test('final reads cover a worker that came in the middle of them, and find what it lost', async () => {
  await using stub = await replaceable();
  const table = tableServed(stub);
  const recorder = memoryRecorder();
  await using workers = await connectWorkers(stub.gateway, never);
  for (const { path } of table.probes) {
    stub.table('1').set(path, 500);
    stub.table('2').set(path, 500);
  }
  for (const { id } of table.probes) table.committed(id, 500, 0);
  stub.replace('1', '3');
  stub.table('3').delete('/ballast/39');
  await finalReads({ table, workers }, recorder, never);
  const reads = recorder.history.flatMap((line) =>
    line.kind === 'read' ? [`${line.worker} ${line.route} ${line.got}`] : [],
  );
  const probes = table.probes.map(({ id }) => `${id} 500`);
  expect(reads.toSorted()).toEqual(
    [...['2', '3'].flatMap((worker) => probes.map((probe) => `${worker} ${probe}`)), '3 ballast-39 null'].toSorted(),
  );
});
