/**
 * One watch response, encoded once and written to any number of watchers. Only the id of the watch differs between
 * them: it is appended to the same bytes, or put into the same text, and each id is made once.
 */
import { type RawWatchResponse, rpc } from '../../etcd/rpc.ts';
import { SharedData } from '../http2/shared-data.ts';
import { jsonOf } from './json-response.ts';

/** gRPC: a byte that says "not compressed", and the length in four. */
const headBytes = 5;
/** Field 2 of etcdserverpb.WatchResponse, a varint. */
const watchIdTag = 0x10;

export class SharedResponse {
  readonly #body: RawWatchResponse;
  #message: Buffer | undefined;
  readonly #messages = new Map<bigint, SharedData>();
  readonly #lines = new Map<bigint, Buffer>();
  readonly #chunks = new Map<bigint, Buffer>();

  constructor(body: Omit<RawWatchResponse, 'watch_id'>) {
    this.#body = body;
  }

  /** A gRPC message with its head. */
  message(watchId: bigint): SharedData {
    return kept(this.#messages, watchId, () => {
      this.#message ??= rpc.watch.responseSerialize(this.#body);
      // A field may stand anywhere in a message, so that it can be the last.
      const id = watchId === 0n ? [] : [watchIdTag, ...varint(watchId)];
      const bytes = Buffer.allocUnsafe(headBytes + this.#message.length + id.length);
      bytes.writeUInt8(0, 0);
      bytes.writeUInt32BE(this.#message.length + id.length, 1);
      this.#message.copy(bytes, headBytes);
      bytes.set(id, headBytes + this.#message.length);
      return new SharedData(bytes);
    });
  }

  /** A line of JSON as etcd's gateway writes it. */
  line(watchId: bigint): Buffer {
    return kept(this.#lines, watchId, () => Buffer.from(jsonOf(this.#body, watchId)));
  }

  /** That line as a chunk of HTTP/1.1. */
  chunk(watchId: bigint): Buffer {
    return kept(this.#chunks, watchId, () => {
      const line = this.line(watchId);
      return Buffer.concat([Buffer.from(`${line.length.toString(16)}\r\n`), line, Buffer.from('\r\n')]);
    });
  }
}

function kept<Made>(made: Map<bigint, Made>, watchId: bigint, make: () => Made): Made {
  const known = made.get(watchId);
  if (known !== undefined) return known;
  const fresh = make();
  made.set(watchId, fresh);
  return fresh;
}

/** Protocol buffers' varint of an int64; a negative one takes ten bytes. */
function varint(value: bigint): readonly number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}
