/** One connection of the gateway and the one to etcd that belongs to it: they are counted together and die together. */
import type { Socket } from 'node:net';
import type { Board, Protocol } from './board.ts';
import type { DialEtcd } from './dial.ts';
import { Http1Relay } from './http1/relay.ts';
import { Http2Relay } from './http2/relay.ts';
import { preface } from './http2/frames.ts';
import { type MakeStage, Pipeline, type Unit, bodyUnit } from './pipeline.ts';
import type { Origin, Strike } from './strike.ts';
import type { Ending, Target } from './target.ts';

/** What a protocol does with the bytes of a connection. */
export interface Relay {
  fromClient(bytes: Buffer): void;
  fromEtcd(bytes: Buffer): void;
  /** etcd has ended its side; `tell` tells the client so, once it has got what came before. */
  etcdEnded(tell: () => void): void;
  /** Both sides are gone. */
  closed(): void;
}

/** A method of HTTP/1.1 never begins like HTTP/2's preface. */
const told = 3;
const end: Unit = { part: 'end', bytes: Buffer.alloc(0), created: false, events: 0 };

export class Connection implements Target, Origin {
  readonly number: number;
  readonly gateway: Origin['gateway'];
  readonly format = undefined;
  finished = false;
  readonly #client: Socket;
  /** Beneath the client's TLS, or the same: only here a reset can be sent. */
  readonly #socket: Socket;
  readonly #board: Board;
  readonly #dial: DialEtcd;
  readonly #toClient: Pipeline = new Pipeline((unit) => this.#deliver(unit, this.#client, this.#etcd));
  readonly #toEtcd: Pipeline = new Pipeline((unit) => this.#deliver(unit, this.#etcd, this.#client));
  #etcd: Socket | undefined;
  #relay: Relay | undefined;
  #protocol: Protocol | undefined;
  #first: Buffer = Buffer.alloc(0);
  #slow = false;
  #etcdOver = false;

  constructor(client: Socket, socket: Socket, dial: DialEtcd, board: Board, gateway: Origin['gateway']) {
    this.gateway = gateway;
    this.#client = client;
    this.#socket = socket;
    this.#dial = dial;
    this.#board = board;
    this.number = board.nextConnection();
    socket.setNoDelay(true);
    if (socket !== client) socket.on('error', () => undefined);
    client.on('data', (bytes: Buffer) => this.#fromClient(bytes));
    client.on('end', () => {
      this.#toEtcd.take(end);
      this.#closeWhenBothEnded();
    });
    client.on('error', () => undefined).on('close', () => this.#gone());
  }

  toClient(bytes: Buffer): void {
    this.#toClient.take(bodyUnit(bytes));
  }

  toEtcd(bytes: Buffer): void {
    this.#toEtcd.take(bodyUnit(bytes));
  }

  /** HTTP/1.1 has no flow control of its own. */
  pauseEtcd(paused: boolean): void {
    if (paused) this.#etcd?.pause();
    else this.#etcd?.resume();
  }

  pauseClient(paused: boolean): void {
    if (paused) this.#client.pause();
    else this.#client.resume();
  }

  add(
    strike: Strike,
    make: MakeStage,
    { last = false, bothWays = false }: { readonly last?: boolean; readonly bothWays?: boolean } = {},
  ): void {
    this.#toClient.add(strike, make, last);
    if (bothWays) this.#toEtcd.add(strike, make, last);
  }

  release(strike: Strike): void {
    this.#toEtcd.remove(strike);
    this.#toClient.remove(strike);
    this.#flow();
  }

  /** Whatever was sent before goes out first, unless it is reset. */
  finish(ending: Ending): void {
    if (this.finished) return;
    this.#close();
    if (ending === 'reset') this.#socket.resetAndDestroy();
    else this.#client.end(() => this.#client.destroy());
    this.#etcd?.destroy();
  }

  tear(bytes: Buffer): void {
    this.toClient(bytes);
    this.finish('broken-off');
  }

  refuse(): void {
    this.finish('reset');
  }

  pretend(): void {
    throw new TypeError('a connection has no response headers');
  }

  #fromClient(bytes: Buffer): void {
    if (this.finished) return;
    if (this.#relay !== undefined) {
      this.#relay.fromClient(bytes);
      return;
    }
    this.#first = Buffer.concat([this.#first, bytes]);
    // What comes while a member is looked for waits with what told the protocol.
    if (this.#first.length < told || this.#protocol !== undefined) return;
    const grpc = this.#first.subarray(0, told).equals(preface.subarray(0, told));
    const protocol = grpc ? 'grpc' : 'json';
    this.#protocol = protocol;
    this.#board.count(protocol, 'connections');
    this.#board.count(protocol, 'connectionsOpen');
    this.#dial(protocol, (etcd) => {
      // The client may have gone while a member was looked for.
      if (this.finished) {
        etcd.destroy();
        return;
      }
      this.#opened(etcd);
      this.#relay = grpc ? new Http2Relay(this, this.#board) : new Http1Relay(this, this.#board);
      this.#relay.fromClient(this.#first);
      if (this.#client.readableEnded) this.#toEtcd.take(end);
    });
  }

  #opened(etcd: Socket): void {
    this.#etcd = etcd;
    etcd.setNoDelay(true);
    etcd.on('data', (bytes: Buffer) => {
      if (this.finished) return;
      this.#relay?.fromEtcd(bytes);
      if (this.#toClient.full) this.#waitWhileFull();
    });
    const ended = (): void => {
      if (this.#etcdOver || this.finished) return;
      this.#etcdOver = true;
      // Through the stages: a link on which nothing passes lets no end pass either.
      this.#relay?.etcdEnded(() => this.#toClient.take(end));
      this.#closeWhenBothEnded();
    };
    // A refused or reset connection: the client sees its own connection end, as it would without the link.
    etcd.on('end', ended).on('error', ended).on('close', ended);
  }

  /** Nobody waits any more for what a fault may still hold. */
  #closeWhenBothEnded(): void {
    if (this.#etcdOver && this.#client.readableEnded) this.#client.end(() => this.#client.destroy());
  }

  #deliver({ part, bytes }: Unit, to: Socket | undefined, from: Socket | undefined): void {
    if (to === undefined || to.destroyed || to.writableEnded) return;
    if (part === 'end') {
      if (to === this.#client) to.end(() => to.destroy());
      else to.end();
      return;
    }
    if (to === this.#client) this.#waitWhileFull();
    if (to.write(bytes) || from === undefined || from.isPaused()) return;
    from.pause();
    to.once('drain', () => this.#flow());
  }

  /** A slow link makes etcd wait; what it took before is on its way in the stages. */
  #waitWhileFull(): void {
    const { full } = this.#toClient;
    if (full) this.#etcd?.pause();
    else if (this.#slow) this.#flow();
    this.#slow = full;
  }

  #flow(): void {
    this.#etcd?.resume();
    this.#client.resume();
  }

  #gone(): void {
    this.#close();
    this.#etcd?.destroy();
  }

  #close(): void {
    if (this.finished) return;
    this.finished = true;
    this.#toClient.close();
    this.#toEtcd.close();
    this.#relay?.closed();
    this.#board.left(this);
    this.#board.connections.delete(this);
    if (this.#protocol !== undefined) this.#board.count(this.#protocol, 'connectionsOpen', -1);
  }
}
