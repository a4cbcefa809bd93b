/** The master: keeps the workers alive, answers for them on the status address, replaces and stops them in order. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Logger } from 'pino';
import { addressTaken, badSettings } from '../exit-codes.ts';
import { localCounters } from '../limits/local-counters.ts';
import type { Address, Settings } from '../settings.ts';
import { type Handlers, answerCall } from './calls.ts';
import { serveStatus } from './status-server.ts';
import type { WorkerState } from './worker-state.ts';
import { createReload } from './reload.ts';

/** A worker that dies at once is not started again faster than this. Milliseconds. */
const respawnMs = 200;
/** Longer than a worker takes to drain: only one that hangs is cut off. Milliseconds. */
const stopMs = 6_000;

export async function runMaster(settings: Settings, log: Logger): Promise<void> {
  await refuseBadStatic(settings, log);
  const states = new Map<number, WorkerState>();
  /** Told to go, by us: nobody takes their place. */
  const leaving = new Set<number>();
  const counters = countHandlers();
  let stopping = false;
  const fork = (): Worker => {
    const worker = cluster.fork();
    worker.on('message', (message: { kind?: string; state?: WorkerState }) => {
      answerCall(message, counters, (answer) => void worker.send(answer));
      if (message.kind === 'state' && message.state !== undefined) states.set(worker.id, message.state);
    });
    return worker;
  };
  const dismiss = (worker: Worker): void => {
    leaving.add(worker.id);
    worker.process.kill('SIGTERM');
    // One that hangs must not keep its connections for ever.
    setTimeout(() => worker.process.kill('SIGKILL'), stopMs).unref();
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
    if (leaving.delete(worker.id)) return;
    log.error({ worker: worker.id, code, signal }, 'a worker died; a new one loads the current configuration');
    setTimeout(() => {
      if (!stopping) fork();
    }, respawnMs);
  });
  process.on('SIGTERM', stop).on('SIGINT', stop);
  const reload = createReload({ fork, dismiss, ready: (id) => states.get(id)?.ready === true, settings, log });
  process.on('SIGHUP', () => void reload());

  await reserve(settings, log);
  try {
    await serveStatus(settings.status, settings.workers, states);
  } catch (error) {
    return refuse('GATEWAY_STATUS', settings.status, error, log);
  }
  for (let index = 0; index < settings.workers; index++) fork();
  await startAdmin(settings, log);
}

/** The counts of all workers. */
function countHandlers(): Handlers {
  const { window, bucket } = localCounters();
  return { window, bucket };
}

/** What no worker could start with ends the gateway before it has begun. */
async function refuseBadStatic({ staticConfig }: Settings, log: Logger): Promise<void> {
  if (staticConfig === undefined) return;
  try {
    const { readStaticConfig } = await import('../migration/static-config.ts');
    readStaticConfig(staticConfig);
  } catch (error) {
    log.fatal(`GATEWAY_STATIC_CONFIG: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(badSettings);
  }
}

/** Finds out at once that an address is taken: the workers take it after their first read of etcd only. */
async function reserve({ listen, tlsListen }: Settings, log: Logger): Promise<void> {
  for (const [setting, address] of [
    ['GATEWAY_LISTEN', listen],
    ['GATEWAY_TLS_LISTEN', tlsListen],
  ] as const) {
    if (address === undefined) continue;
    try {
      const server = createServer();
      server.listen(address);
      await once(server, 'listening');
      server.close();
      await once(server, 'close');
    } catch (error) {
      refuse(setting, address, error, log);
    }
  }
}

async function startAdmin(settings: Settings, log: Logger): Promise<void> {
  const { admin } = settings;
  if (admin === undefined) return;
  try {
    // Loaded where it is wanted only: the workers need not wait for it.
    await (await import('../admin/server.ts')).serveAdmin(settings, admin, log);
  } catch (error) {
    refuse('GATEWAY_ADMIN', admin.address, error, log);
  }
}

function refuse(setting: string, { host, port }: Address, error: unknown, log: Logger): void {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'EADDRINUSE' ? 'is taken by another process' : `cannot be had (${message})`;
  log.fatal(`${setting}: the address ${host}:${port} ${why}; choose another or stop what holds it`);
  process.exit(addressTaken);
}
