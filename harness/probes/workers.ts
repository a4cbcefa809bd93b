/** One keep-alive connection to every worker of a gateway: with W workers, one connection sees one worker. */
import { Client } from 'undici';
import { HarnessError } from '../model/errors.ts';
import type { Seq } from '../model/history.ts';
import type { Gateway } from '../model/ports.ts';

/** One answer to a read of a route: what it serves, `null` for absent, or why nothing can be said. */
export type Answer = { readonly got: Seq } | { readonly got: 'error'; readonly detail: string };

export interface PinnedWorker {
  readonly name: string;
  read(path: string, signal: AbortSignal): Promise<Answer>;
}

export interface Workers extends AsyncDisposable {
  readonly all: readonly PinnedWorker[];
}

/** Requests under way on one connection, so that a whole table is read in a second. */
const pipelining = 10;
const readTimeoutMs = 2_000;

/** Fresh connections after which the chance to have missed one of W workers is below 1e-6. */
function connectionsToSee(workers: number): number {
  return Math.ceil(workers * (Math.log(workers) + 14));
}

/**
 * Opens connections until every worker has answered. A product that does not name its workers keeps all of them,
 * each under the name of its connection.
 */
export async function connectWorkers(gateway: Gateway, signal: AbortSignal): Promise<Workers> {
  const pinned = new Map<string, Connection>();
  const limit = connectionsToSee(gateway.workers);
  const enough = (): boolean => gateway.workerHeader !== undefined && pinned.size >= gateway.workers;
  for (let tried = 0; tried < limit && !enough(); tried++) {
    const connection = await Connection.open(gateway, `connection-${tried}`, signal);
    if (pinned.has(connection.worker)) await connection.close();
    else pinned.set(connection.worker, connection);
  }
  if (gateway.workerHeader !== undefined && pinned.size < gateway.workers) {
    const seen = `${pinned.size} of ${gateway.workers} workers answered on ${limit} fresh connections`;
    throw new HarnessError('GATEWAY_NOT_READY', seen);
  }
  const all = [...pinned.values()].toSorted((a, b) => a.worker.localeCompare(b.worker, 'en', { numeric: true }));
  return {
    all: all.map((connection) => pinnedWorker(gateway, connection, limit)),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((connection) => connection.close()));
    },
  };
}

/** Follows its worker over lost connections; another worker's answer is never taken for its own. */
function pinnedWorker(gateway: Gateway, connection: Connection, limit: number): PinnedWorker {
  const name = connection.worker;
  let reconnecting: Promise<void> | undefined;
  const reconnect = async (signal: AbortSignal): Promise<void> => {
    for (let tried = 0; tried < limit; tried++) {
      const next = await Connection.open(gateway, name, signal).catch(() => undefined);
      // No answer at all: the next read tries again. Trying on here would hold up every read for the whole of an outage.
      if (next === undefined) return;
      if (next.worker === name) return connection.take(next);
      await next.close();
    }
  };
  return {
    name,
    async read(path, signal) {
      let lost: string;
      try {
        const { got, worker, detail } = await connection.read(path, signal);
        if (worker === undefined || worker === name) return got === 'error' ? { got, detail } : { got };
        lost = `worker ${worker} answered on a new connection`;
      } catch (error) {
        if (signal.aborted) throw error;
        lost = (error as Error).message;
      }
      reconnecting ??= reconnect(signal).finally(() => (reconnecting = undefined));
      await reconnecting;
      return { got: 'error', detail: `lost the connection to worker ${name}: ${lost}` };
    },
  };
}

interface Reply {
  readonly got: Seq | 'error';
  readonly worker: string | undefined;
  readonly detail: string;
}

/** One connection, which undici would silently open anew elsewhere: the worker's name tells. */
class Connection {
  readonly worker: string;
  readonly #header: string | undefined;
  #client: Client;

  constructor(worker: string, header: string | undefined, client: Client) {
    this.worker = worker;
    this.#header = header;
    this.#client = client;
  }

  static async open(gateway: Gateway, name: string, signal: AbortSignal): Promise<Connection> {
    const client = new Client(gateway.traffic, { pipelining, keepAliveTimeout: 60_000 });
    const probe = new Connection(name, gateway.workerHeader, client);
    try {
      const { worker } = await probe.read('/', signal);
      return new Connection(worker ?? name, gateway.workerHeader, client);
    } catch (error) {
      await client.destroy();
      throw error;
    }
  }

  async read(path: string, signal: AbortSignal): Promise<Reply> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(readTimeoutMs)]);
    const { statusCode, headers, body } = await this.#client.request({ path, method: 'GET', signal: limit });
    const text = await body.text();
    const named = this.#header === undefined ? undefined : headers[this.#header];
    const worker = typeof named === 'string' ? named : undefined;
    const detail = `status ${statusCode}`;
    if (statusCode === 404) return { got: null, worker, detail };
    const seq = /^\/seq\/(\d+)$/.exec(text)?.[1];
    return { got: statusCode === 200 && seq !== undefined ? Number(seq) : 'error', worker, detail };
  }

  async take(other: Connection): Promise<void> {
    await this.#client.destroy();
    this.#client = other.#client;
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }
}
