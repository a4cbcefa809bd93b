/** The master: keeps the workers alive, answers for them on the status address, and stops them in order. */
import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';
import type { Settings } from '../settings.ts';
import { serveStatus } from './status-server.ts';
import type { WorkerState } from './worker-state.ts';

/** A worker that dies at once is not started again faster than this. Milliseconds. */
const respawnMs = 200;
const stopMs = 6_000;

export async function runMaster(settings: Settings, log: Logger): Promise<void> {
  const states = new Map<number, WorkerState>();
  let stopping = false;
  const fork = (): void => {
    const worker = cluster.fork();
    worker.on('message', (message: { kind?: string; state?: WorkerState }) => {
      if (message.kind === 'state' && message.state !== undefined) states.set(worker.id, message.state);
    });
  };
  cluster.on('exit', (worker: Worker, code: number, signal: string) => {
    states.delete(worker.id);
    if (stopping) return;
    if (code === addressTaken) {
      log.fatal({ listen: settings.listen }, 'the listen address is taken');
      process.exit(addressTaken);
    }
    log.error({ worker: worker.id, code, signal }, 'a worker died; a new one loads the current configuration');
    setTimeout(fork, respawnMs);
  });
  const status = await serveStatus(settings.status, settings.workers, states);
  for (let index = 0; index < settings.workers; index++) fork();

  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    status.close();
    const workers = Object.values(cluster.workers ?? {});
    for (const worker of workers) worker?.process.kill('SIGTERM');
    const left = setInterval(() => {
      if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
    }, 10);
    setTimeout(() => {
      clearInterval(left);
      process.exit(0);
    }, stopMs);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/** Exit code of a process that could not listen. */
export const addressTaken = 3;
