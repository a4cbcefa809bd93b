/** One stream: what is sent to the client on it, within the client's windows, and how the link ends it. */
import type { Refusal } from '../../../scenarios/link-faults.ts';
import type { Wire } from '../call.ts';
import type { Unit } from '../pipeline.ts';
import type { Ending } from '../target.ts';
import {
  errorCode,
  flag,
  frame,
  frameType,
  headersFrames,
  largestPayload,
  resetStream,
  windowUpdate,
} from './frames.ts';
import type { Headers } from './hpack.ts';
import { Window } from './window.ts';

/** What waits for the client on one stream before etcd has to wait too. Bytes. */
const waitingLimit = 262_144;

/** What a stream needs of its connection. */
export interface StreamHost {
  readonly window: Window;
  toClient(bytes: Buffer): void;
  toEtcd(bytes: Buffer): void;
  /** Nothing of the stream passes any more. */
  streamEnded(id: number): void;
  tear(bytes: Buffer): void;
}

const answers: Readonly<Record<Refusal, Headers>> = {
  'http-429': [[':status', '429']],
  'http-503': [[':status', '503']],
  'grpc-8': grpcStatus('8', 'etcdserver: too many requests'),
  'grpc-14': grpcStatus('14', 'etcdserver: no leader'),
};

function grpcStatus(code: string, message: string): Headers {
  return [
    [':status', '200'],
    ['content-type', 'application/grpc'],
    ['grpc-status', code],
    ['grpc-message', message],
  ];
}

export class Http2Stream implements Wire {
  readonly protocol = 'grpc';
  readonly id: number;
  readonly window: Window;
  readonly #host: StreamHost;
  #waiting: Unit[] = [];
  #waitingBytes = 0;
  /** Flow-controlled bytes that were taken from etcd, which waits for credit for them. */
  #taken = 0;
  #headSent = false;
  /** Whether etcd knows of it. */
  atEtcd = false;
  full: () => boolean = () => false;

  constructor(id: number, window: number, host: StreamHost) {
    this.id = id;
    this.window = new Window(window);
    this.#host = host;
  }

  get drained(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether a DATA frame may pass as it came; it then counts as passed. */
  passes(bytes: number): boolean {
    if (!this.drained || this.window.left < bytes || this.#host.window.left < bytes) return false;
    this.window.passed(bytes);
    this.#host.window.passed(bytes);
    return true;
  }

  /** Bytes of a DATA frame that do not go on as they came. */
  took(bytes: number): void {
    this.#taken += bytes;
    this.#giveCredit();
  }

  send(unit: Unit): void {
    this.#waiting.push(unit);
    this.#waitingBytes += unit.bytes.length;
    this.drain();
  }

  /** Sends what the windows allow. */
  drain(): void {
    while (this.#waiting[0] !== undefined) {
      const { part, bytes } = this.#waiting[0];
      const size = part === 'body' ? this.#allowed(bytes.length) : bytes.length;
      if (size === 0 && bytes.length > 0) break;
      this.#waitingBytes -= size;
      if (part !== 'body') this.#host.toClient(bytes);
      else if (size > 0) this.#sendData(bytes.subarray(0, size));
      if (size < bytes.length) this.#waiting[0] = { ...this.#waiting[0], bytes: bytes.subarray(size) };
      else this.#waiting.shift();
      if (part === 'head') this.#headSent = true;
      if (part === 'end') this.#host.streamEnded(this.id);
    }
    this.#giveCredit();
  }

  finish(ending: Ending): void {
    const { id } = this;
    this.#waiting = [];
    if (ending === 'cut') {
      const trailers = answers['grpc-14'].slice(this.#headSent ? 2 : 0);
      this.#host.toClient(headersFrames(id, trailers, true));
    }
    // After the end an error would be one too many: the client need only know that nothing is read any more.
    this.#host.toClient(resetStream(id, ending === 'cut' ? errorCode.none : errorCode.internal));
    this.#leaveEtcd();
    this.#host.streamEnded(id);
  }

  tear(bytes: Buffer): void {
    const whole = frame(frameType.data, 0, this.id, bytes.subarray(0, largestPayload));
    this.#host.tear(whole.subarray(0, Math.ceil(whole.length / 2)));
  }

  refuse(how: Refusal | 'refused'): void {
    const { id } = this;
    if (how === 'refused') this.#host.toClient(resetStream(id, errorCode.refusedStream));
    else {
      const answer = Buffer.concat([headersFrames(id, answers[how], true), resetStream(id, errorCode.none)]);
      this.#host.toClient(answer);
    }
    this.#host.streamEnded(id);
  }

  pretend(): void {
    this.#headSent = true;
    this.#host.toClient(headersFrames(this.id, answers['grpc-14'].slice(0, 2), false));
  }

  #allowed(bytes: number): number {
    return Math.max(0, Math.min(bytes, largestPayload, this.window.left, this.#host.window.left));
  }

  #sendData(bytes: Buffer): void {
    this.window.sent(bytes.length);
    this.#host.window.sent(bytes.length);
    this.#host.toClient(frame(frameType.data, 0, this.id, bytes));
  }

  /** As long as the client and the stages keep up; the rest when they have caught up. */
  #giveCredit(): void {
    if (this.#taken === 0 || this.#waitingBytes > waitingLimit || this.full()) return;
    const bytes = this.#taken;
    this.#taken = 0;
    this.#host.toEtcd(windowUpdate(0, bytes));
    if (this.atEtcd) this.#host.toEtcd(windowUpdate(this.id, bytes));
  }

  /** The connection's share of what etcd still waits for must not be lost with the stream. */
  #leaveEtcd(): void {
    if (this.#taken > 0) this.#host.toEtcd(windowUpdate(0, this.#taken));
    this.#taken = 0;
    if (this.atEtcd) this.#host.toEtcd(resetStream(this.id, errorCode.cancel));
    this.atEtcd = false;
  }

  /** The client has reset it. */
  left(): void {
    this.#waiting = [];
    this.#leaveEtcd();
  }
}

/** A frame that ends a stream without content. */
export function endOfStream(id: number): Buffer {
  return frame(frameType.data, flag.endStream, id, Buffer.alloc(0));
}
