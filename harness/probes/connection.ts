/** One keep-alive connection of a probe, which undici would silently open anew elsewhere: the worker's name tells. */
import { Client } from 'undici';
import type { Seq } from '../model/history.ts';
import type { Gateway } from '../model/ports.ts';

/** Requests under way on one connection, so that a whole table is read in a second. */
const pipelining = 10;
const readTimeoutMs = 2_000;

export interface Reply {
  readonly got: Seq | 'error';
  /** Undefined when the product does not name its workers. */
  readonly worker: string | undefined;
  readonly detail: string;
}

export class Connection {
  /** Of the worker that answered on it first; the given name when the product has none. */
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

  async read(path: string, signal: AbortSignal, host?: string): Promise<Reply> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(readTimeoutMs)]);
    const request = { path, method: 'GET', ...(host === undefined ? {} : { headers: { host } }) } as const;
    const { statusCode, headers, body } = await this.#client.request({ ...request, signal: limit });
    const text = await body.text();
    const named = this.#header === undefined ? undefined : headers[this.#header];
    const worker = typeof named === 'string' ? named : undefined;
    const detail = `status ${statusCode}`;
    // Blocked, or not there: it is not served.
    if (statusCode === 403 || statusCode === 404) return { got: null, worker, detail };
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
