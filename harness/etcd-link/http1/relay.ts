/**
 * HTTP/1.1 between a gateway and etcd: etcd's JSON gateway. Connections are kept alive and pooled by clients, so each
 * request is a call of its own. What no fault hits passes as it came.
 */
import type { Board } from '../board.ts';
import { Call } from '../call.ts';
import type { Connection, Relay } from '../connection.ts';
import { methodOf } from '../method.ts';
import { jsonFormat } from '../watch/json-format.ts';
import { Http1Exchange } from './exchange.ts';
import { type Head, Http1Parser, type Piece, bodyLength } from './parser.ts';

interface Current {
  readonly call: Call;
  readonly exchange: Http1Exchange;
  readonly method: string;
  requestEnded: boolean;
  answered: boolean;
  /** How the chunk under way passes. */
  rawChunk: boolean;
}

export class Http1Relay implements Relay {
  readonly #connection: Connection;
  readonly #board: Board;
  readonly #requests: Http1Parser = new Http1Parser((head) => bodyLength(head, 0));
  readonly #answers: Http1Parser = new Http1Parser((head) => this.#answerLength(head));
  #current: Current | undefined;
  /** Came before the answer to the request before it. */
  #early: Buffer[] = [];
  /** Waits for the answer under way. */
  #tellEnd: (() => void) | undefined;
  /** The head under way is of status 1xx: no answer yet, and without an end. */
  #interim = false;

  constructor(connection: Connection, board: Board) {
    this.#connection = connection;
    this.#board = board;
  }

  fromClient(bytes: Buffer): void {
    if (this.#current?.requestEnded === true) {
      this.#early.push(bytes);
      return;
    }
    this.#guarded(() => {
      for (const piece of this.#requests.push(bytes)) {
        this.#request(piece);
        if (this.#current?.requestEnded !== true) continue;
        const rest = this.#requests.takeRest();
        if (rest.length > 0) this.#early.push(rest);
      }
    });
    this.#next();
  }

  fromEtcd(bytes: Buffer): void {
    this.#guarded(() => {
      const raw: Buffer[] = [];
      for (const piece of this.#answers.push(bytes)) this.#answer(piece, raw);
      this.#passOn(raw);
    });
    if (this.#current?.call.full === true) this.#connection.pauseEtcd(true);
    this.#next();
  }

  /** An answer that a fault has kept or made late comes before the end. */
  etcdEnded(tell: () => void): void {
    const current = this.#current;
    if (current === undefined || current.answered) tell();
    else {
      this.#tellEnd = tell;
      current.call.end(Buffer.alloc(0));
    }
  }

  closed(): void {
    this.#current?.call.close();
    this.#current = undefined;
    this.#early = [];
  }

  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      process.stderr.write(`a connection is closed: ${(error as Error).message}\n`);
      this.#connection.finish('reset');
    }
  }

  #request({ part, raw, head }: Piece): void {
    if (head !== undefined) this.#begin(head);
    const current = this.#current;
    if (current === undefined) return;
    if (!current.call.finished && !current.call.pretended) this.#connection.toEtcd(raw);
    if (part !== 'end') return;
    current.requestEnded = true;
    current.exchange.requestEnded();
  }

  #begin({ line }: Head): void {
    const [method = '', path = ''] = line.split(' ');
    const exchange = new Http1Exchange(this.#connection, () => {
      current.answered = true;
      if (!current.call.finished) current.call.close();
      this.#tellEnd?.();
    });
    const call = new Call(methodOf(path), jsonFormat, exchange, this.#connection, this.#board);
    const current: Current = { call, exchange, method, requestEnded: false, answered: false, rawChunk: true };
    this.#current = current;
    call.open();
  }

  /** The exchange is over when both have said all: then the next request may come. */
  #next(): void {
    while (this.#current?.requestEnded === true && this.#current.answered) {
      this.#current = undefined;
      const early = Buffer.concat(this.#early);
      this.#early = [];
      if (early.length > 0) this.fromClient(early);
    }
  }

  #answerLength(head: Head): ReturnType<typeof bodyLength> {
    const status = Number(head.line.split(' ')[1]);
    if (status < 200 || status === 204 || status === 304 || this.#current?.method === 'HEAD') return 0;
    return bodyLength(head, 'until-close');
  }

  /** What passes as it came is collected, so that it leaves in one piece. */
  #answer({ part, raw, content, head, fresh }: Piece, passing: Buffer[]): void {
    const current = this.#current;
    if (current === undefined || current.call.finished || current.answered) return;
    const { call, exchange } = current;
    if (head !== undefined) {
      this.#interim = head.line.startsWith('HTTP/1.1 1');
      exchange.chunked = bodyLength(head, 'until-close') === 'chunked' && current.method !== 'HEAD';
      if (Number(head.line.split(' ')[1]) >= 400) call.failed();
      this.#passOn(passing);
      call.head(raw);
    } else if (part === 'end') {
      if (this.#interim) return;
      this.#passOn(passing);
      call.end(raw);
    } else {
      if (fresh) current.rawChunk = call.raw;
      if (current.rawChunk) {
        if (content.length > 0) call.looked(content);
        passing.push(raw);
      } else if (content.length > 0) {
        this.#passOn(passing);
        call.take(content);
      }
    }
  }

  #passOn(passing: Buffer[]): void {
    const [first] = passing;
    if (first !== undefined) this.#connection.toClient(passing.length === 1 ? first : Buffer.concat(passing));
    passing.length = 0;
  }
}
