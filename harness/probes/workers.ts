/** One keep-alive connection to every worker of a gateway: with W workers, one connection sees one worker. */
import { HarnessError, gatewayWorkload, wordsOf } from '../model/errors.ts';
import type { Seq } from '../model/history.ts';
import type { Gateway } from '../model/ports.ts';
import { Connection } from './connection.ts';

/** One answer to a read of a route: what it serves, `null` for absent, or why nothing can be said. */
export type Answer = { readonly got: Seq } | { readonly got: 'error'; readonly detail: string };

export interface PinnedWorker {
  readonly name: string;
  /** It is of a gateway that stands beside the one under load. */
  readonly beside?: true;
  /** `host`: of the request, when it is another than that of the gateway's address. */
  read(path: string, signal: AbortSignal, host?: string): Promise<Answer>;
}

export interface Workers extends AsyncDisposable {
  /**
   * Those that are known to be there now. One that has ended leaves it, and others take its place, when a read finds so
   * many others that it must be gone.
   */
  readonly all: readonly PinnedWorker[];
}

/** Fresh connections after which the chance to have missed one of W workers is below 1e-6. */
function connectionsToSee(workers: number): number {
  return Math.ceil(workers * (Math.log(workers) + 14));
}

/**
 * Opens connections until every worker has answered. A product that does not name its workers keeps all of them,
 * each under the name of its connection.
 */
export async function connectWorkers(gateway: Gateway, signal: AbortSignal): Promise<Workers> {
  const set = new WorkerSet(gateway);
  await set.connect(signal);
  return set;
}

class WorkerSet implements Workers {
  readonly #gateway: Gateway;
  readonly #limit: number;
  readonly #pinned = new Map<string, Pinned>();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    this.#limit = connectionsToSee(gateway.workers);
  }

  get all(): readonly PinnedWorker[] {
    return [...this.#pinned.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  }

  async connect(signal: AbortSignal): Promise<void> {
    const { workerHeader, workers } = this.#gateway;
    const enough = (): boolean => workerHeader !== undefined && this.#pinned.size >= workers;
    for (let tried = 0; tried < this.#limit && !enough(); tried++)
      await this.#pin(await this.#first(`connection-${tried}`, signal));
    if (workerHeader === undefined || this.#pinned.size >= workers) return;
    const seen = `${this.#pinned.size} of ${workers} workers answered on ${this.#limit} fresh connections`;
    throw new HarnessError('GATEWAY_NOT_READY', seen, { workload: gatewayWorkload });
  }

  /** A gateway that has said that it is ready, and does not answer, is not. */
  async #first(name: string, signal: AbortSignal): Promise<Connection> {
    try {
      return await Connection.open(this.#gateway, name, signal);
    } catch (cause) {
      if (signal.aborted) throw cause;
      const words = `a fresh connection to the gateway got no answer: ${wordsOf(cause)}`;
      throw new HarnessError('GATEWAY_NOT_READY', words, { workload: gatewayWorkload, cause });
    }
  }

  /**
   * Opens fresh connections until that worker answers on one. As many others as the gateway has workers prove that it is
   * gone: it leaves the set, and they are in it.
   */
  async find(lost: Pinned, signal: AbortSignal): Promise<void> {
    const others = new Map<string, Connection>();
    for (let tried = 0; tried < this.#limit && others.size < this.#gateway.workers; tried++) {
      const next = await Connection.open(this.#gateway, lost.name, signal).catch(() => undefined);
      // No answer at all: the next read tries again. Trying on here would hold up every read for the whole of an outage.
      if (next === undefined) break;
      if (next.worker === lost.name) {
        await lost.take(next);
        break;
      }
      if (others.has(next.worker)) await next.close();
      else others.set(next.worker, next);
    }
    if (others.size < this.#gateway.workers) {
      await Promise.all([...others.values()].map((connection) => connection.close()));
      return;
    }
    this.#pinned.delete(lost.name);
    await lost.close();
    await Promise.all([...others.values()].map((connection) => this.#pin(connection)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#pinned.values()].map((pinned) => pinned.close()));
  }

  async #pin(connection: Connection): Promise<void> {
    const name = connection.worker;
    if (this.#pinned.has(name)) await connection.close();
    else this.#pinned.set(name, new Pinned(connection, this));
  }
}

/** Follows its worker over lost connections; another worker's answer is never taken for its own. */
class Pinned implements PinnedWorker {
  readonly name: string;
  readonly #connection: Connection;
  readonly #set: WorkerSet;
  #finding: Promise<void> | undefined;

  constructor(connection: Connection, set: WorkerSet) {
    this.name = connection.worker;
    this.#connection = connection;
    this.#set = set;
  }

  async read(path: string, signal: AbortSignal, host?: string): Promise<Answer> {
    let lost: string;
    try {
      const { got, worker, detail } = await this.#connection.read(path, signal, host);
      if (worker === undefined || worker === this.name) return got === 'error' ? { got, detail } : { got };
      lost = `worker ${worker} answered on a new connection`;
    } catch (error) {
      if (signal.aborted) throw error;
      lost = (error as Error).message;
    }
    this.#finding ??= this.#set.find(this, signal).finally(() => (this.#finding = undefined));
    await this.#finding;
    return { got: 'error', detail: `lost the connection to worker ${this.name}: ${lost}` };
  }

  take(other: Connection): Promise<void> {
    return this.#connection.take(other);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
