/**
 * One watch response, encoded once and written to any number of watchers. Only the protocol and the id of the watch
 * differ between them: the id is appended to the same bytes, or put into the same text, and each form is made once.
 */
import { type RawWatchResponse, rpc } from '../../etcd/rpc.ts';
import { SharedData } from '../http2/shared-data.ts';
import { jsonOf } from './json-response.ts';

/** gRPC: a byte that says "not compressed", and the length in four. */
const headBytes = 5;
/** Field 2 of etcdserverpb.WatchResponse, a varint. */
const watchIdTag = 0x10;

/** How a watch gets its responses. Those of one name get the same bytes. */
export interface Form {
  readonly name: string;
  /** JSON as chunks of HTTP/1.1, or as it is; messages of gRPC with their heads. */
  readonly protocol: 'json' | 'json-lines' | 'grpc';
  readonly watchId: bigint;
}

export function formOf(protocol: Form['protocol'], watchId: bigint): Form {
  return { name: `${protocol} ${watchId}`, protocol, watchId };
}

export class SharedResponse {
  readonly #body: RawWatchResponse;
  #message: Buffer | undefined;
  readonly #made = new Map<string, SharedData>();

  constructor(body: Omit<RawWatchResponse, 'watch_id'>) {
    this.#body = body;
  }

  encoded({ name, protocol, watchId }: Form): SharedData {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const fresh = new SharedData(this.#bytesOf(protocol, watchId));
    this.#made.set(name, fresh);
    return fresh;
  }

  #bytesOf(protocol: Form['protocol'], watchId: bigint): Buffer {
    if (protocol === 'grpc') return this.#grpcMessage(watchId);
    // A line as etcd's gateway writes it.
    const line = Buffer.from(jsonOf(this.#body, watchId));
    return protocol === 'json-lines' ? line : chunkOf(line);
  }

  #grpcMessage(watchId: bigint): Buffer {
    const message = (this.#message ??= rpc.watch.responseSerialize(this.#body));
    // A field may stand anywhere in a message, so that it can be the last.
    const id = watchId === 0n ? [] : [watchIdTag, ...varint(watchId)];
    const bytes = Buffer.allocUnsafe(headBytes + message.length + id.length);
    bytes.writeUInt8(0, 0);
    bytes.writeUInt32BE(message.length + id.length, 1);
    message.copy(bytes, headBytes);
    bytes.set(id, headBytes + message.length);
    return bytes;
  }
}

/** Of HTTP/1.1. */
function chunkOf(line: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${line.length.toString(16)}\r\n`), line, Buffer.from('\r\n')]);
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
