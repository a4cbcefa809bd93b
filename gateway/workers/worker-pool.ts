/** The workers as the master has them: kept alive, asked, replaced, stopped. */
import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';
import { addressTaken } from '../exit-codes.ts';
import type { BucketOrder, WindowOrder } from '../limits/counters.ts';
import { localCounters } from '../limits/local-counters.ts';
import { type Caller, type Handlers, answerCall, createCaller } from './calls.ts';
import type { WorkerState } from './worker-state.ts';

/** A worker that dies at once is not started again faster than this. Milliseconds. */
const respawnMs = 200;
/** So long after its requests had to be answered a worker has ended: only one that hangs is cut off. Milliseconds. */
const endMs = 1_000;

export class WorkerPool {
  readonly #log: Logger;
  readonly #stopMs: number;
  readonly #states = new Map<number, WorkerState>();
  readonly #callers = new Map<number, Caller>();
  /** Told to go, by us: nobody takes their place. */
  readonly #leaving = new Set<number>();
  readonly #handlers: Handlers;
  #stopping = false;

  /** `drainMs`: what the workers leave their requests when they are told to go. */
  constructor(log: Logger, drainMs: number) {
    this.#log = log;
    this.#stopMs = drainMs + endMs;
    // The counts of all workers live here, as in nginx's shared memory.
    const counters = localCounters();
    this.#handlers = {
      // Its answer comes behind every connection that was dealt to the worker before it asked.
      dealt: () => true,
      window: (order: WindowOrder) => counters.window(order),
      bucket: (order: BucketOrder) => counters.bucket(order),
    };
    cluster.on('exit', (worker, code: number, signal: string) => this.#exited(worker, code, signal));
  }

  /** What each worker has told of itself, by its id. */
  get states(): ReadonlyMap<number, WorkerState> {
    return this.#states;
  }

  /** Those that were not told to go. */
  get staying(): readonly Worker[] {
    const all = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    return all.filter(({ id }) => !this.#leaving.has(id));
  }

  fork(): Worker {
    const worker = cluster.fork();
    const send = (message: object): void => {
      if (worker.isConnected()) worker.send(message);
    };
    const caller = createCaller(send);
    this.#callers.set(worker.id, caller);
    worker.on('message', (message: { readonly kind?: string; readonly state?: WorkerState }) => {
      caller.take(message);
      answerCall(message, this.#handlers, send);
      if (message.kind === 'state' && message.state !== undefined) this.#states.set(worker.id, message.state);
    });
    return worker;
  }

  /** Asks a worker; rejects when there is none of that id, or it does not answer in time. Milliseconds. */
  async ask(id: number, name: string, argument: unknown, withinMs: number): Promise<unknown> {
    const caller = this.#callers.get(id);
    if (caller === undefined) throw new Error(`there is no worker ${id}`);
    return caller.call(name, argument, withinMs);
  }

  /** Lets a worker finish what it is doing and go. */
  dismiss(worker: Worker): void {
    this.#leaving.add(worker.id);
    worker.process.kill('SIGTERM');
    // One that hangs must not keep its connections for ever.
    setTimeout(() => worker.process.kill('SIGKILL'), this.#stopMs).unref();
  }

  /** All of them, and then the master. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#log.info('stopping: requests in flight are finished first');
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
    setTimeout(() => process.exit(0), this.#stopMs);
    this.#endWhenAlone();
  }

  #exited(worker: Worker, code: number, signal: string): void {
    this.#states.delete(worker.id);
    this.#callers.delete(worker.id);
    if (this.#stopping) return this.#endWhenAlone();
    // The worker has said which address it could not have.
    if (code === addressTaken) process.exit(addressTaken);
    if (this.#leaving.delete(worker.id)) return;
    this.#log.error({ worker: worker.id, code, signal }, 'a worker died; a new one loads the current configuration');
    setTimeout(() => {
      if (!this.#stopping) this.fork();
    }, respawnMs);
  }

  #endWhenAlone(): void {
    if (this.#stopping && Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
  }
}
