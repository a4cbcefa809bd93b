/**
 * The echo upstream: answers every request with its path, so that a client sees which version of a route sent it here
 * (test routes are rewritten to `/seq/<n>`). Counts what reached it: the witness behind the gateway.
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import type { UpstreamFault } from '../../scenarios/upstream-faults.ts';
import type { UpstreamCounters } from '../model/upstream.ts';
import { answersCase, echoUpgrade } from './cases.ts';
import { BothProtocols } from './both-protocols.ts';
import { Door, type Listening } from './door.ts';
import { Held } from './held.ts';

/** In PEM. */
export interface EchoCertificate {
  readonly cert: string;
  readonly key: string;
}

export class Echo {
  readonly #server: Listening;
  readonly #door: Door;
  readonly #seen = { requests: 0, connections: 0, open: 0 };
  #last: { readonly line: string; readonly headers: readonly string[] } = { line: '', headers: [] };
  #faults: readonly Held[] = [];

  /** With a certificate it also speaks TLS, on the same port. */
  constructor(address: URL, certificate?: EchoCertificate) {
    const plain = createServer({ keepAliveTimeout: 60_000, noDelay: true }, this.#handle).on('upgrade', echoUpgrade);
    this.#server =
      certificate === undefined
        ? plain
        : new BothProtocols(plain, createSecureServer({ keepAliveTimeout: 60_000, ...certificate }, this.#handle));
    this.#server.on('connection', (socket) => {
      this.#seen.connections++;
      this.#seen.open++;
      socket.once('close', () => this.#seen.open--);
    });
    this.#door = new Door(this.#server, address);
  }

  /** Takes requests when it resolves; rejects when the address is taken. */
  open(): Promise<void> {
    return this.#door.release(this);
  }

  get broken(): boolean {
    return this.#faults.length > 0;
  }

  /** Holds when it resolves. */
  async inject(fault: UpstreamFault): Promise<void> {
    if (this.#faults.some((held) => isDeepStrictEqual(held.fault, fault))) return;
    const held = new Held(fault, this.#door);
    this.#faults = [...this.#faults, held];
    await held.begin();
  }

  /** Ends this fault, or every one. */
  async heal(fault?: UpstreamFault): Promise<void> {
    const ends = (held: Held): boolean => fault === undefined || isDeepStrictEqual(held.fault, fault);
    const ended = this.#faults.filter(ends);
    this.#faults = this.#faults.filter((held) => !ends(held));
    await Promise.all(ended.map((held) => held.end()));
  }

  /** The address that its name leads to now; undefined when there is to be no such name. */
  told(): string | undefined {
    const told = this.#faults.map((held) => held.told()).find((each) => each !== undefined);
    return told === 'nowhere' ? undefined : (told ?? '127.0.0.1');
  }

  counters(): UpstreamCounters {
    const { requests, connections } = this.#seen;
    return { requests, connections, faults: this.#faults.map(({ fault, units }) => ({ fault, units })) };
  }

  #handle = (request: IncomingMessage, response: ServerResponse): void => {
    const target = request.url ?? '/';
    if (target.startsWith('/_witness')) return this.#witness(target, response);
    this.#seen.requests++;
    this.#last = { line: `${request.method} ${target} HTTP/${request.httpVersion}`, headers: request.rawHeaders };
    if (answersCase(request, response)) return;
    request.resume();
    if (this.#faults.length === 0) return echo(response, target);
    const lateMs = this.#faults.reduce((sum, held) => sum + held.delayMs(), 0);
    const answer = this.#faults.map((held) => held.instead()).find((way) => way !== undefined) ?? echo;
    if (lateMs === 0) answer(response, target);
    else setTimeout(() => answer(response, target), lateMs);
  };

  #witness(target: string, response: ServerResponse): void {
    const page = target === '/_witness/last' ? this.#last : this.#seen;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
  }
}

function echo(response: ServerResponse, target: string): void {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(target) }).end(target);
}
