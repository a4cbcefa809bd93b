/**
 * One call of the gateway and what comes back for it, whichever protocol carries it. While no fault hits it, the bytes
 * pass as they came and are only looked at; else they go through its stages, those of a watch in whole messages.
 */
import type { Refusal } from '../../scenarios/link-faults.ts';
import type { PassedCounters } from '../model/etcd-link.ts';
import type { Board, Protocol } from './board.ts';
import type { Connection } from './connection.ts';
import type { Method } from './method.ts';
import { type MakeStage, Pipeline, type Unit, bodyUnit } from './pipeline.ts';
import type { Strike } from './strike.ts';
import type { Ending, Target } from './target.ts';
import type { Splitter, WatchFormat } from './watch/format.ts';

/** A call that holds back more than this is cut instead: memory must stay bounded. Bytes. */
const heldLimit = 64 * 1_048_576;

const counterOf: Readonly<Partial<Record<Method, keyof PassedCounters>>> = {
  range: 'ranges',
  write: 'writes',
  auth: 'authCalls',
  lease: 'leaseCalls',
};

/** The protocol's side of a call. After `finish`, `tear` and `refuse` it sends nothing more. */
export interface Wire {
  readonly protocol: Protocol;
  send(unit: Unit): void;
  /** Whether all that was sent is with the socket. */
  readonly drained: boolean;
  finish(ending: Ending): void;
  tear(bytes: Buffer): void;
  refuse(how: Refusal | 'refused'): void;
  pretend(): void;
}

export class Call implements Target {
  readonly method: Method;
  readonly connection: Connection;
  readonly format: WatchFormat | undefined;
  readonly #wire: Wire;
  readonly #board: Board;
  readonly #splitter: Splitter | undefined;
  readonly #pipeline: Pipeline;
  #raw = true;
  /** Ended by a fault or by its two ends. */
  finished = false;
  /** Open to the client, though etcd has not heard of it. */
  pretended = false;

  constructor(method: Method, format: WatchFormat, wire: Wire, connection: Connection, board: Board) {
    this.method = method;
    this.format = method === 'watch' ? format : undefined;
    this.connection = connection;
    this.#wire = wire;
    this.#board = board;
    this.#splitter = this.format?.splitter();
    this.#pipeline = new Pipeline((unit) => wire.send(unit));
  }

  /** Known to the board from now on. Faults may end it at once. */
  open(): void {
    this.#board.calls.add(this);
    if (this.method === 'watch') this.#count('watchesOpen');
    else this.#count('unaryCalls');
    const counter = counterOf[this.method];
    if (counter !== undefined) this.#count(counter);
    this.#board.admit(this, this);
  }

  /** Whether the next bytes pass as they come and are told by `looked`; else they belong to `take`. */
  get raw(): boolean {
    // It changes between two messages only: what began to pass one way ends that way.
    if ((this.#splitter?.pending ?? 0) === 0) this.#raw = !this.#pipeline.busy && this.#wire.drained;
    return this.#raw;
  }

  /** Whether etcd should wait. */
  get full(): boolean {
    return this.#pipeline.full;
  }

  looked(bytes: Buffer): void {
    this.#countBytes(bytes);
    for (const message of this.#splitter?.push(bytes) ?? []) this.#read(message);
  }

  take(bytes: Buffer): void {
    this.#countBytes(bytes);
    if (this.#splitter === undefined) this.#pipeline.take(bodyUnit(bytes));
    else for (const message of this.#splitter.push(bytes)) this.#pipeline.take(this.#read(message));
    if (this.#pipeline.held <= heldLimit) return;
    process.stderr.write(`a call held back more than ${heldLimit} bytes and is cut\n`);
    this.finish('cut');
  }

  head(bytes: Buffer): void {
    this.#pipeline.take({ part: 'head', bytes, created: false, events: 0 });
  }

  end(bytes: Buffer): void {
    if (!this.#raw && this.#splitter !== undefined && this.#splitter.pending > 0) {
      this.#pipeline.take(bodyUnit(this.#splitter.rest()));
    }
    this.#pipeline.take({ part: 'end', bytes, created: false, events: 0 });
  }

  failed(): void {
    if (this.method !== 'watch') this.#count('unaryFailed');
  }

  add(strike: Strike, make: MakeStage, { last = false }: { readonly last?: boolean } = {}): void {
    this.#pipeline.add(strike, make, last);
  }

  release(strike: Strike): void {
    this.#pipeline.remove(strike);
  }

  finish(ending: Ending): void {
    if (this.finished) return;
    this.close();
    this.#wire.finish(ending);
  }

  tear(bytes: Buffer): void {
    if (this.finished) return;
    this.close();
    this.#wire.tear(bytes);
  }

  refuse(how: Refusal | 'refused'): void {
    if (this.finished) return;
    this.close();
    this.#wire.refuse(how);
  }

  /** It stays open, mute, until the client closes it. */
  pretend(): void {
    this.pretended = true;
    this.#wire.pretend();
  }

  /** Nothing comes for it any more. */
  close(): void {
    if (this.finished) return;
    this.finished = true;
    this.#pipeline.close();
    this.#board.left(this);
    if (this.#board.calls.delete(this) && this.method === 'watch') this.#count('watchesOpen', -1);
  }

  #read(message: Buffer): Unit {
    const { created, events } = this.format?.read(message) ?? { created: false, events: 0 };
    if (created) this.#count('watchesCreated');
    if (events > 0) this.#count('watchEvents', events);
    return bodyUnit(message, created, events);
  }

  #countBytes({ length }: Buffer): void {
    if (this.method === 'watch') this.#count('watchBytes', length);
    if (this.method === 'range') this.#count('rangeBytes', length);
  }

  #count(what: keyof PassedCounters, amount = 1): void {
    this.#board.count(this.#wire.protocol, what, amount);
  }
}
