/**
 * Kept-alive connections to one address, each an undici `Client`. The one that rested last is used next: it is the likeliest
 * to be open still, and those that a peak has left over go idle for long enough to be closed. undici's `Pool` takes the
 * first one that is free, for which it looks at all of them twice for each request, and has no bound on idle ones.
 */
import { Client, type Dispatcher } from 'undici';

interface Connection {
  readonly client: Client;
  /** It may take a request. */
  idle: boolean;
}

export interface ConnectionsOptions {
  readonly client: Client.Options;
  /** More idle connections than this are closed. */
  readonly mostIdle: number;
}

export class Connections {
  readonly #origin: string;
  readonly #options: ConnectionsOptions;
  readonly #all = new Set<Connection>();
  /** The one that rested last is the last. */
  readonly #idle: Connection[] = [];
  #closed = false;

  constructor(origin: string, options: ConnectionsOptions) {
    this.#origin = origin;
    this.#options = options;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sends the request on a connection that has nothing else to do, one that is opened for it if there is none. No bound on
   * how many: a request that waits for one has no time limit, and a slow upstream would stop the gateway.
   */
  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const connection = this.#idle.pop() ?? this.#open();
    connection.idle = false;
    // Usually busy now, until `drain`. Nothing drains of a request that undici has refused before it was queued.
    if (connection.client.dispatch(request, handler) || connection.client.stats.size === 0) this.#rest(connection);
  }

  /** Takes no more requests; what is under way ends first. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#all) this.#retire(connection);
  }

  /** Cuts what is under way. */
  async destroy(): Promise<void> {
    this.#closed = true;
    const all = [...this.#all];
    // What is gone already is not retired when its socket closes.
    this.#all.clear();
    await Promise.all(all.map(({ client }) => client.destroy()));
  }

  #open(): Connection {
    const connection: Connection = { client: new Client(this.#origin, this.#options.client), idle: false };
    // A client would connect again by itself, and be taken for an idle connection as long as it has none.
    const retire = (): void => this.#retire(connection);
    connection.client
      .on('drain', () => this.#rest(connection))
      .on('disconnect', retire)
      .on('connectionError', retire);
    this.#all.add(connection);
    return connection;
  }

  #rest(connection: Connection): void {
    if (connection.idle || !this.#all.has(connection)) return;
    if (this.#idle.length >= this.#options.mostIdle) return this.#retire(connection);
    connection.idle = true;
    this.#idle.push(connection);
  }

  #retire(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    if (connection.idle) this.#idle.splice(this.#idle.indexOf(connection), 1);
    void connection.client.close();
  }
}
