/** An HTTP/2 connection of a client (RFC 9113), from after its preface to its end. */
import type { Socket } from 'node:net';
import { goAway, ping, windowUpdate } from './control-frames.ts';
import { ConnectionError, ErrorCode } from './errors.ts';
import { FrameReader } from './frames.ts';
import { Inbound, type InboundEvents, type Serve } from './inbound.ts';
import { Liveness } from './liveness.ts';
import { Outbound } from './outbound.ts';
import { largestWindow, ourSettings, plainWindow, receiveWindow } from './settings.ts';

/** How long a client may take to read why it is left. Milliseconds. */
const lastWordMs = 1_000;
const pingData = Buffer.from('gateway?');

export class Http2Connection implements InboundEvents {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #out: Outbound;
  readonly #inbound: Inbound;
  readonly #liveness = new Liveness();
  /** `asked`: the client knows that it should open no more streams. `told`: those it opens are not served. */
  #leaving: 'no' | 'asked' | 'told' = 'no';
  #isOver = false;

  constructor(socket: Socket, serve: Serve) {
    this.#socket = socket;
    this.#out = new Outbound(socket);
    this.#inbound = new Inbound(this.#out, serve, this);
    this.#out.cork();
    this.#out.write(ourSettings);
    this.#out.write(windowUpdate(0, receiveWindow.connection - plainWindow));
    socket.on('data', (chunk: Buffer) => this.#push(chunk));
    socket.on('drain', () => this.#drained());
    // Half a connection is of no use: whoever sends nothing any more is gone.
    socket.once('end', () => this.#finish());
    socket.once('close', () => this.#end());
  }

  /** The client is asked to open no more streams here. Those that are open go on, and then the connection ends. */
  leave(): void {
    if (this.#leaving !== 'no' || this.#isOver) return;
    this.#leaving = 'asked';
    this.#out.write(goAway(largestWindow, ErrorCode.none, ''));
    // Whatever it opens before it knows, comes before the answer.
    this.#out.write(ping(pingData));
  }

  /** To be called every `lookMs` milliseconds. */
  look(): void {
    const verdict = this.#liveness.look(this.#inbound.hasStarted, this.#inbound.streams.size);
    if (verdict === 'dead') this.#socket.destroy();
    else if (verdict === 'idle') this.leave();
    else if (verdict === 'ask') this.#out.write(ping(pingData));
  }

  pinged(): void {
    if (this.#leaving !== 'asked') return;
    this.#leaving = 'told';
    this.#inbound.refuse();
    this.#out.write(goAway(this.#inbound.streams.last, ErrorCode.none, ''));
    this.closed();
  }

  closed(): void {
    if (this.#leaving === 'told' && !this.#isOver && this.#inbound.streams.size === 0) this.#finish();
  }

  #push(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#liveness.heard();
    try {
      for (const frame of this.#reader.push(chunk)) {
        this.#inbound.take(frame);
        if (this.#isOver) return;
      }
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#out.write(goAway(this.#inbound.streams.last, error.code, error.message));
      this.#finish();
    }
  }

  #drained(): void {
    for (const stream of this.#inbound.streams.all) stream.drained();
  }

  /** What was written still goes out; what comes is no longer listened to. */
  #finish(): void {
    this.#end();
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), lastWordMs).unref();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#out.close();
    for (const stream of this.#inbound.streams.all) stream.receiveReset();
  }
}
