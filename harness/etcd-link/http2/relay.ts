/**
 * HTTP/2 between a gateway and etcd, frame by frame: settings, pings, windows and the data of calls that no fault hits
 * pass as they came, so that keepalive and flow control stay between the two ends. Header blocks are read and written anew.
 */
import type { Board } from '../board.ts';
import { Call } from '../call.ts';
import type { Connection, Relay } from '../connection.ts';
import { methodOf } from '../method.ts';
import { bodyUnit } from '../pipeline.ts';
import { grpcFormat } from '../watch/grpc-format.ts';
import {
  type Frame,
  FrameSplitter,
  contentOf,
  errorCode,
  flag,
  frameType,
  headersFrames,
  initialWindow,
  preface,
  windowUpdate,
} from './frames.ts';
import { type Block, HpackDecoder } from './hpack.ts';
import { Outbox } from './outbox.ts';
import { Http2Stream, type StreamHost, endOfStream } from './stream.ts';
import { Window } from './window.ts';

const initialWindowSize = 4;

interface Open {
  readonly stream: Http2Stream;
  readonly call: Call;
  headSeen: boolean;
}

/** One direction: frames, and the header block under way. */
class Side {
  readonly splitter: FrameSplitter = new FrameSplitter();
  readonly decoder: HpackDecoder = new HpackDecoder();
  #parts: Buffer[] = [];
  #first: Frame | undefined;

  /** The block, once its last frame is there, with the frame that began it. */
  block(frame: Frame): (Block & { readonly first: Frame }) | undefined {
    if (frame.type === frameType.headers) this.#first = frame;
    this.#parts.push(frame.type === frameType.headers ? contentOf(frame) : frame.payload);
    const first = this.#first;
    if ((frame.flags & flag.endHeaders) === 0 || first === undefined) return undefined;
    const parts = this.#parts;
    this.#parts = [];
    return { ...this.decoder.decode(parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts)), first };
  }
}

export class Http2Relay implements Relay, StreamHost {
  readonly window: Window = new Window(initialWindow);
  readonly #connection: Connection;
  readonly #board: Board;
  readonly #client = new Side();
  readonly #etcd = new Side();
  readonly #open: Map<number, Open> = new Map();
  readonly #outClient: Outbox;
  readonly #outEtcd: Outbox;
  #streamWindow = initialWindow;
  #prefaceLeft = preface.length;

  constructor(connection: Connection, board: Board) {
    this.#connection = connection;
    this.#board = board;
    this.#outClient = new Outbox((bytes) => connection.toClient(bytes));
    this.#outEtcd = new Outbox((bytes) => connection.toEtcd(bytes));
  }

  fromClient(bytes: Buffer): void {
    const before = bytes.subarray(0, this.#prefaceLeft);
    this.#prefaceLeft -= before.length;
    if (before.length > 0) this.#outEtcd.add(before);
    this.#each(this.#client, bytes.subarray(before.length), (frame) => this.#clientFrame(frame));
  }

  fromEtcd(bytes: Buffer): void {
    this.#each(this.#etcd, bytes, (frame) => this.#etcdFrame(frame));
  }

  etcdEnded(tell: () => void): void {
    this.#flush();
    tell();
  }

  closed(): void {
    for (const { call } of this.#open.values()) call.close();
    this.#open.clear();
  }

  toClient(bytes: Buffer): void {
    this.#outClient.add(bytes);
  }

  toEtcd(bytes: Buffer): void {
    this.#outEtcd.add(bytes);
  }

  streamEnded(id: number): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.call.close();
  }

  tear(bytes: Buffer): void {
    this.#flush();
    this.#connection.tear(bytes);
  }

  #each(side: Side, bytes: Buffer, act: (frame: Frame) => void): void {
    this.#outClient.hold();
    this.#outEtcd.hold();
    try {
      for (const frame of side.splitter.push(bytes)) act(frame);
    } catch (error) {
      process.stderr.write(`a connection is closed: ${(error as Error).message}\n`);
      this.#connection.finish('reset');
    }
    this.#flush();
  }

  #flush(): void {
    this.#outEtcd.release();
    this.#outClient.release();
  }

  #clientFrame(frame: Frame): void {
    const { type, stream: id } = frame;
    const open = this.#open.get(id);
    if (type === frameType.headers || type === frameType.continuation) this.#request(frame);
    else if (type === frameType.windowUpdate) this.#credit(frame, open?.stream);
    else if (type === frameType.data && open?.stream.atEtcd !== true) {
      // etcd never hears of these bytes, so the credit for them has to come from here.
      if (frame.payload.length > 0) this.#outClient.add(windowUpdate(0, frame.payload.length));
    } else if (type === frameType.resetStream) {
      if (open?.stream.atEtcd === true) open.stream.left();
      this.streamEnded(id);
    } else {
      if (type === frameType.settings && (frame.flags & flag.ack) === 0) this.#settings(frame.payload);
      if (type === frameType.ping && (frame.flags & flag.ack) === 0) this.#board.count('grpc', 'pings');
      this.#outEtcd.add(frame.raw);
    }
  }

  #request(frame: Frame): void {
    const block = this.#client.block(frame);
    if (block === undefined) return;
    const { first, headers, sizeUpdates } = block;
    const id = first.stream;
    const ends = (first.flags & flag.endStream) !== 0;
    if (!this.#open.has(id)) {
      const path = headers.find(([name]) => name === ':path')?.[1] ?? '';
      const stream = new Http2Stream(id, this.#streamWindow, this);
      const call = new Call(methodOf(path), grpcFormat, stream, this.#connection, this.#board);
      stream.full = () => call.full;
      this.#open.set(id, { stream, call, headSeen: false });
      call.open();
      if (call.finished || call.pretended) return;
      stream.atEtcd = true;
    }
    if (this.#open.get(id)?.stream.atEtcd === true) this.#outEtcd.add(headersFrames(id, headers, ends, sizeUpdates));
  }

  #credit({ stream: id, payload, raw }: Frame, stream: Http2Stream | undefined): void {
    const bytes = payload.readUInt32BE(0);
    const window = id === 0 ? this.window : stream?.window;
    if (window === undefined) return;
    const etcds = window.opened(bytes);
    const known = id === 0 || stream?.atEtcd === true;
    if (etcds > 0 && known) this.#outEtcd.add(etcds === bytes ? raw : windowUpdate(id, etcds));
    if (stream !== undefined) stream.drain();
    else for (const { stream } of this.#open.values()) stream.drain();
  }

  #settings(payload: Buffer): void {
    for (let at = 0; at + 6 <= payload.length; at += 6) {
      if (payload.readUInt16BE(at) !== initialWindowSize) continue;
      const size = payload.readUInt32BE(at + 2);
      for (const { stream } of this.#open.values()) stream.window.left += size - this.#streamWindow;
      this.#streamWindow = size;
    }
  }

  #etcdFrame(frame: Frame): void {
    const { type, stream: id } = frame;
    const open = this.#open.get(id);
    if (type === frameType.headers || type === frameType.continuation) this.#response(frame);
    else if (type === frameType.data) this.#data(frame, open);
    else if (type === frameType.resetStream) {
      if (open === undefined) this.#outClient.add(frame.raw);
      if (open === undefined || !open.stream.atEtcd) return;
      open.stream.atEtcd = false;
      if (frame.payload.readUInt32BE(0) !== errorCode.none) open.call.failed();
      open.call.end(frame.raw);
    } else if (id === 0 || open?.stream.atEtcd === true) this.#outClient.add(frame.raw);
  }

  #response(frame: Frame): void {
    const block = this.#etcd.block(frame);
    if (block === undefined) return;
    const { first, headers, sizeUpdates } = block;
    const open = this.#open.get(first.stream);
    // Of a stream that the link has ended: read, so that the next block can be, and no more.
    if (open === undefined || !open.stream.atEtcd) return;
    const ends = (first.flags & flag.endStream) !== 0;
    const code = headers.find(([name]) => name === 'grpc-status')?.[1] ?? '0';
    if (code !== '0') open.call.failed();
    const bytes = headersFrames(first.stream, headers, ends, sizeUpdates);
    // An answer of headers alone is a head: it comes in place of a stream, not at the end of one.
    if (!open.headSeen) open.call.head(bytes);
    else open.call.end(bytes);
    if (ends && !open.headSeen) this.streamEnded(first.stream);
    open.headSeen = true;
  }

  #data({ stream: id, flags, payload, raw, ...rest }: Frame, open: Open | undefined): void {
    const ends = (flags & flag.endStream) !== 0;
    if (open === undefined || !open.stream.atEtcd) {
      if (payload.length > 0) this.#outEtcd.add(windowUpdate(0, payload.length));
      return;
    }
    const { call, stream } = open;
    const content = contentOf({ ...rest, stream: id, flags, payload, raw });
    if (call.raw) {
      call.looked(content);
      if (stream.passes(payload.length)) {
        this.#outClient.add(raw);
        if (ends) this.streamEnded(id);
        return;
      }
      // The client's window is smaller than etcd was told: after bytes were kept, until the client has caught up.
      stream.send(bodyUnit(content));
    } else call.take(content);
    stream.took(payload.length);
    if (ends) call.end(endOfStream(id));
  }
}
