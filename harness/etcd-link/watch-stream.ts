/**
 * One Watch stream on its way from etcd to the gateway, and what a stall does to it. Messages are forwarded whole, so
 * that the `created` answer of a watch can pass while its events do not: without headers and `created` a client takes
 * another path and nothing is lost (apache/apisix#13067).
 */
import type { ClientHttp2Stream, ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import { MessageSplitter, isCreated } from './grpc-messages.ts';
import type { StallMode, Switchboard } from './switchboard.ts';

/** A stream that holds back more than this is cut instead: memory must stay bounded. Bytes. */
const heldLimit = 64 * 1_048_576;
/** gRPC's UNAVAILABLE: what an etcd that goes away answers, and what clients retry. */
const unavailable = { 'grpc-status': '14', 'grpc-message': 'the watch was closed' };

export class WatchStream {
  readonly #down: ServerHttp2Stream;
  readonly #up: ClientHttp2Stream;
  readonly #board: Switchboard;
  readonly #splitter = new MessageSplitter();
  #held: Buffer[] = [];
  #heldBytes = 0;
  #mode: StallMode | undefined;
  /** Trailers for a cut; etcd's own otherwise. */
  trailers: Readonly<Record<string, string>> | undefined;

  constructor(down: ServerHttp2Stream, up: ClientHttp2Stream, board: Switchboard) {
    this.#down = down;
    this.#up = up;
    this.#board = board;
    this.#mode = board.stall;
    board.streams.add(this);
    down.once('close', () => board.streams.delete(this));
    down.on('drain', () => up.resume());
    up.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  get silent(): boolean {
    return this.#mode !== undefined;
  }

  silence(mode: StallMode): void {
    // Bytes already swallowed cannot come back: a dead stream does not become a held one.
    this.#mode = this.#mode === 'dead' ? 'dead' : mode;
  }

  release(): void {
    // What was swallowed is missing for ever. Letting the same stream go on would make every gateway lose it.
    if (this.#mode !== 'hold') return;
    this.#mode = undefined;
    for (const message of this.#held) this.#pass(message);
    this.#held = [];
    this.#heldBytes = 0;
  }

  cut(): void {
    this.trailers = unavailable;
    this.#up.close(constants.NGHTTP2_CANCEL);
    this.#down.end();
  }

  #take(chunk: Buffer): void {
    this.#board.count('watchBytes', chunk.length);
    for (const message of this.#splitter.push(chunk)) {
      const created = isCreated(message);
      if (created) this.#board.count('watchesCreated');
      if (this.#mode === undefined || created) this.#pass(message);
      else this.#withhold(message);
    }
  }

  #withhold(message: Buffer): void {
    this.#board.count('withheldBytes', message.length);
    if (this.#mode === 'dead') return;
    this.#held.push(message);
    this.#heldBytes += message.length;
    if (this.#heldBytes <= heldLimit) return;
    process.stderr.write(`a held watch stream passed ${heldLimit} bytes and is cut\n`);
    this.#held = [];
    this.cut();
  }

  #pass(message: Buffer): void {
    if (this.#down.destroyed || this.#down.writableEnded) return;
    if (!this.#down.write(message)) this.#up.pause();
  }
}
