/** The receiving half of a connection: what each kind of frame does (RFC 9113, 6). */
import { Allowance } from './allowance.ts';
import { pingAnswer, pingBytes, resetStream, settingsAnswer, windowUpdate } from './control-frames.ts';
import { ConnectionError, ErrorCode, StreamError } from './errors.ts';
import { Flag, type Frame, FrameType, contentOf } from './frames.ts';
import { type HeaderBlock, HeaderBlocks } from './header-blocks.ts';
import { HpackDecoder } from './hpack/decoder.ts';
import type { Outbound } from './outbound.ts';
import { type RequestHeaders, checkTrailers, requestHeaders } from './request-headers.ts';
import { mostHeaderBytes, mostStreams, readSettings, receiveWindow } from './settings.ts';
import { Http2Stream, type StreamOwner } from './stream.ts';
import { Streams } from './streams.ts';
import { ReceiveWindow } from './windows.ts';

/** Answers a request. It must `listen` to the stream before it returns. */
export type Serve = (stream: Http2Stream) => void;

/** Frames that bring the client nothing, beyond one for each frame of an answer (CVE-2019-9512, 9515, 9518). */
const idleFrames = { most: 1_000, perSecond: 100 };
const resetBytes = 4;
const incrementBytes = 4;
const priorityBytes = 5;

export interface InboundEvents {
  /** The client answered a PING. */
  pinged(): void;
  /** A stream is over. */
  closed(): void;
  /** The connection is to be left, for the sake of one of its streams. */
  leave(): void;
}

export class Inbound implements StreamOwner {
  readonly out: Outbound;
  readonly streams: Streams = new Streams();
  readonly #serve: Serve;
  readonly #events: InboundEvents;
  readonly #blocks = new HeaderBlocks();
  readonly #decoder = new HpackDecoder();
  readonly #window = new ReceiveWindow(receiveWindow.connection);
  readonly #idle = new Allowance(idleFrames.most, idleFrames.perSecond);
  #hasStarted = false;
  #isRefusing = false;

  constructor(out: Outbound, serve: Serve, events: InboundEvents) {
    this.out = out;
    this.#serve = serve;
    this.#events = events;
  }

  /** Whether the client has sent its settings, as it must before anything else. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Requests that come from now on are not looked at; the client knows which. */
  refuse(): void {
    this.#isRefusing = true;
  }

  /** Throws `ConnectionError`; what breaks a stream only, does not break the others. */
  take(frame: Frame): void {
    try {
      this.#dispatch(frame);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      this.streams.countReset();
      const stream = this.streams.get(frame.streamId);
      if (stream === undefined) this.#reset(frame.streamId, error.code);
      else stream.reset(error.code);
    }
  }

  taken(stream: Http2Stream, bytes: number, increment: number): void {
    if (increment > 0 && !stream.isClosed) this.out.write(windowUpdate(stream.id, increment));
    this.#taken(bytes);
  }

  leave(): void {
    this.#events.leave();
  }

  closed({ id }: Http2Stream, reset: ErrorCode | undefined): void {
    this.streams.delete(id);
    if (reset !== undefined) this.#reset(id, reset);
    this.#events.closed();
  }

  #dispatch(frame: Frame): void {
    const { type, streamId } = frame;
    const unfinished = this.#blocks.unfinished;
    if (unfinished !== undefined && (type !== FrameType.continuation || streamId !== unfinished)) {
      throw new ConnectionError(ErrorCode.protocol, 'a header block was interrupted');
    }
    if (!this.#hasStarted && type !== FrameType.settings) {
      throw new ConnectionError(ErrorCode.protocol, 'the first frame is not SETTINGS');
    }
    if (type === FrameType.data) this.#data(frame);
    else if (type === FrameType.headers || type === FrameType.continuation) this.#headers(frame);
    else if (type === FrameType.windowUpdate) this.#windowUpdate(frame);
    else if (type === FrameType.reset) this.#resetByClient(frame);
    else if (type === FrameType.settings) this.#settings(frame);
    else if (type === FrameType.ping) this.#ping(frame);
    else if (type === FrameType.goAway) expectConnection(frame);
    else if (type === FrameType.pushPromise) throw new ConnectionError(ErrorCode.protocol, 'a client does not push');
    else this.#ignored(frame);
  }

  #data(frame: Frame): void {
    expectStream(frame);
    const { streamId, flags, payload } = frame;
    const endStream = (flags & Flag.endStream) !== 0;
    if (payload.length === 0 && !endStream) this.#countIdle();
    const bytes = contentOf(frame);
    if (!this.#window.receive(payload.length)) {
      throw new ConnectionError(ErrorCode.flowControl, 'more than the window of the connection allows');
    }
    this.#receive(streamId, bytes, payload.length);
    if (endStream) this.streams.get(streamId)?.receiveEnd();
  }

  #receive(streamId: number, bytes: Buffer, frameBytes: number): void {
    const stream = this.streams.get(streamId);
    try {
      if (stream !== undefined) return stream.receive(bytes, frameBytes);
    } catch (error) {
      // Whatever is wrong with the stream, its bytes are not missing to the others.
      this.#taken(frameBytes);
      throw error;
    }
    this.#taken(frameBytes);
    if (!this.#expects(streamId)) throw new StreamError(ErrorCode.streamClosed, 'DATA on a stream that is closed');
  }

  #headers(frame: Frame): void {
    expectStream(frame);
    if (frame.payload.length === 0) this.#countIdle();
    const block = this.#blocks.take(frame);
    if (block === undefined) return;
    // Always, since it may change the table.
    const { fields, isTooLarge } = this.#decoder.decode(block.bytes, mostHeaderBytes);
    const { streamId, endStream } = block;
    if (streamId > this.streams.last) {
      this.streams.use(streamId);
      if (!this.#isRefusing) this.#open(block, isTooLarge ? undefined : requestHeaders(fields));
      return;
    }
    const stream = this.streams.get(streamId);
    if (stream !== undefined) {
      checkTrailers(fields, endStream);
      stream.receiveEnd();
    } else if (!this.#expects(streamId)) {
      throw new ConnectionError(ErrorCode.streamClosed, 'HEADERS on a stream that is closed');
    }
  }

  #open({ streamId, endStream }: HeaderBlock, headers: RequestHeaders | undefined): void {
    if (headers === undefined) throw new StreamError(ErrorCode.enhanceYourCalm, 'the headers are too large');
    if (this.streams.size >= mostStreams) throw new StreamError(ErrorCode.refusedStream, 'too many streams');
    const stream = new Http2Stream(streamId, headers, this);
    this.streams.add(stream);
    this.#serve(stream);
    if (endStream && !stream.isClosed) stream.receiveEnd();
  }

  /** Whether the client sends for a closed stream because it did not know yet, or because we did not look at it. */
  #expects(streamId: number): boolean {
    return this.#isRefusing || this.streams.wasReset(streamId);
  }

  #windowUpdate(frame: Frame): void {
    expectLength(frame, incrementBytes);
    const increment = frame.payload.readUInt32BE(0) & 0x7fffffff;
    const { streamId } = frame;
    if (streamId === 0) {
      if (increment === 0) throw new ConnectionError(ErrorCode.protocol, 'a window opens by nothing');
      return this.out.open(increment);
    }
    const stream = this.streams.get(streamId);
    if (increment === 0) throw new StreamError(ErrorCode.protocol, 'a window opens by nothing');
    stream?.openWindow(increment);
  }

  #resetByClient(frame: Frame): void {
    expectStream(frame);
    expectLength(frame, resetBytes);
    const stream = this.streams.get(frame.streamId);
    this.streams.countReset();
    stream?.receiveReset();
  }

  #settings(frame: Frame): void {
    expectConnection(frame);
    if ((frame.flags & Flag.ack) !== 0) {
      expectLength(frame, 0);
      if (!this.#hasStarted) throw new ConnectionError(ErrorCode.protocol, 'an answer to settings before any');
      return;
    }
    const { initialWindow = this.out.initialWindow, maxFrame = this.out.maxFrame } = readSettings(frame);
    if (this.#hasStarted) this.#countIdle();
    this.#hasStarted = true;
    const change = initialWindow - this.out.initialWindow;
    this.out.initialWindow = initialWindow;
    this.out.maxFrame = maxFrame;
    this.out.writeControl(settingsAnswer);
    if (change === 0) return;
    try {
      for (const stream of this.streams.all) stream.openWindow(change);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      throw new ConnectionError(error.code, 'INITIAL_WINDOW_SIZE makes a window too large');
    }
  }

  #ping(frame: Frame): void {
    expectConnection(frame);
    expectLength(frame, pingBytes);
    if ((frame.flags & Flag.ack) !== 0) return this.#events.pinged();
    this.#countIdle();
    this.out.writeControl(pingAnswer(frame.payload));
  }

  /** PRIORITY, which means nothing any more (RFC 9113, 5.3.2), and kinds that are not known. */
  #ignored(frame: Frame): void {
    this.#countIdle();
    if (frame.type !== FrameType.priority) return;
    expectStream(frame);
    if (frame.payload.length !== priorityBytes) {
      // Also before the stream is opened: then there is nothing to reset.
      throw new ConnectionError(ErrorCode.frameSize, 'PRIORITY has five bytes');
    }
  }

  #countIdle(): void {
    if (!this.#idle.spend(this.out.takeUseful())) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, 'too many frames that say nothing');
    }
  }

  #taken(bytes: number): void {
    const increment = this.#window.take(bytes);
    if (increment > 0) this.out.write(windowUpdate(0, increment));
  }

  #reset(streamId: number, code: ErrorCode): void {
    this.streams.rememberReset(streamId);
    this.out.write(resetStream(streamId, code));
  }
}

function expectConnection({ streamId }: Frame): void {
  if (streamId !== 0) throw new ConnectionError(ErrorCode.protocol, 'a frame of the connection on a stream');
}

function expectStream({ streamId }: Frame): void {
  if (streamId === 0) throw new ConnectionError(ErrorCode.protocol, 'a frame of a stream on none');
}

function expectLength({ payload }: Frame, bytes: number): void {
  if (payload.length !== bytes) throw new ConnectionError(ErrorCode.frameSize, `${bytes} bytes are expected`);
}
