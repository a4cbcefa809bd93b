/** The master: keeps the workers alive, answers for them on the status address, and stops them in order. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Logger } from 'pino';
import { addressTaken } from '../exit-codes.ts';
import type { Address, Settings } from '../settings.ts';
import { serveStatus } from './status-server.ts';
import type { WorkerState } from './worker-state.ts';

/** A worker that dies at once is not started again faster than this. Milliseconds. */
const respawnMs = 200;
/** Longer than a worker takes to drain: only one that hangs is cut off. Milliseconds. */
const stopMs = 6_000;

export async function runMaster(settings: Settings, log: Logger): Promise<void> {
  const states = new Map<number, WorkerState>();
  let stopping = false;
  const fork = (): void => {
    if (stopping) return;
    const worker = cluster.fork();
    worker.on('message', (message: { kind?: string; state?: WorkerState }) => {
      if (message.kind === 'state' && message.state !== undefined) states.set(worker.id, message.state);
    });
  };
  const endWhenAlone = (): void => {
    if (stopping && Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
  };
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    log.info('stopping: requests in flight are finished first');
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
    setTimeout(() => process.exit(0), stopMs);
    endWhenAlone();
  };
  cluster.on('exit', (worker: Worker, code: number, signal: string) => {
    states.delete(worker.id);
    if (stopping) return endWhenAlone();
    // The worker has said which address it could not have.
    if (code === addressTaken) process.exit(addressTaken);
    log.error({ worker: worker.id, code, signal }, 'a worker died; a new one loads the current configuration');
    setTimeout(fork, respawnMs);
  });
  process.on('SIGTERM', stop).on('SIGINT', stop);

  try {
    await probe(settings.listen);
  } catch (error) {
    return refuse('GATEWAY_LISTEN', settings.listen, error, log);
  }
  try {
    await serveStatus(settings.status, settings.workers, states);
  } catch (error) {
    return refuse('GATEWAY_STATUS', settings.status, error, log);
  }
  for (let index = 0; index < settings.workers; index++) fork();
  const { admin } = settings;
  if (admin === undefined) return;
  try {
    // Loaded where it is wanted only: the workers need not wait for it.
    await (await import('../admin/server.ts')).serveAdmin(settings, admin, log);
  } catch (error) {
    refuse('GATEWAY_ADMIN', admin.address, error, log);
  }
}

/**
 * Workers share the address among themselves (SO_REUSEPORT), and would share it with another gateway just as silently:
 * each would get a part of the other's traffic. A socket that does not share finds out.
 */
async function probe(address: Address): Promise<void> {
  const server = createServer();
  server.listen(address);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

function refuse(setting: string, { host, port }: Address, error: unknown, log: Logger): void {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'EADDRINUSE' ? 'is taken by another process' : `cannot be had (${message})`;
  log.fatal(`${setting}: the address ${host}:${port} ${why}; choose another or stop what holds it`);
  process.exit(addressTaken);
}
