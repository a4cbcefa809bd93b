/**
 * WatchResponse in gRPC's framing: a flag byte, four length bytes, the message. Only its top-level fields are walked.
 */
import type { Splitter, WatchFormat } from './format.ts';

const headBytes = 5;
/** Field numbers of etcdserverpb.WatchResponse and, of its header, ResponseHeader. */
const field = { header: 1, watch: 2, created: 3, canceled: 4, compactRevision: 5, events: 11 } as const;
const headerField = { revision: 3 } as const;

export const grpcFormat: WatchFormat = {
  splitter: () => new GrpcSplitter(),
  read(message) {
    let [created, events] = [false, 0];
    for (const { number, value } of fields(message, headBytes)) {
      if (number === field.created) created = value === 1;
      if (number === field.events) events++;
    }
    return { created, events };
  },
  dropEvent(message) {
    const events = [...fields(message, headBytes)].filter(({ number }) => number === field.events);
    const [first] = events;
    if (first === undefined || events.length === 1) return undefined;
    return framed([message.subarray(headBytes, first.start), message.subarray(first.end)]);
  },
  lowerRevision(message, by) {
    const header = [...fields(message, headBytes)].find(({ number }) => number === field.header);
    if (header === undefined) return message;
    const revision = [...fields(message, header.body, header.end)].find(
      ({ number }) => number === headerField.revision,
    );
    if (revision === undefined) return message;
    const lower = varint(Math.max(1, revision.value - by));
    const inner = [message.subarray(header.body, revision.body), lower, message.subarray(revision.end, header.end)];
    const length = varint(inner.reduce((sum, part) => sum + part.length, 0));
    const tag = message.subarray(header.start, header.start + 1);
    return framed([message.subarray(headBytes, header.start), tag, length, ...inner, message.subarray(header.end)]);
  },
  watchOf: (message) => [...fields(message, headBytes)].find(({ number }) => number === field.watch)?.value ?? 0,
  compacted(message) {
    const all = [...fields(message, headBytes)];
    const header = all.find(({ number }) => number === field.header);
    const inHeader = header === undefined ? [] : [...fields(message, header.body, header.end)];
    const revision = inHeader.find(({ number }) => number === headerField.revision);
    const bytesOf = ({ start, end }: Field): Buffer => message.subarray(start, end);
    // The header of such a message, alone of all, tells no revision.
    const rest = Buffer.concat(inHeader.filter((each) => each !== revision).map(bytesOf));
    return framed([
      Buffer.of((field.header << 3) | 2),
      varint(rest.length),
      rest,
      ...all.filter(({ number }) => number === field.watch).map(bytesOf),
      Buffer.of(field.canceled << 3, 1),
      Buffer.of(field.compactRevision << 3),
      varint(revision?.value ?? 1),
    ]);
  },
};

class GrpcSplitter implements Splitter {
  #parts: Buffer[] = [];
  pending = 0;
  /** Length of the message that is not complete; 0 while not even its head is. */
  #length = 0;

  push(chunk: Buffer): readonly Buffer[] {
    this.#parts.push(chunk);
    this.pending += chunk.length;
    if (this.pending < Math.max(this.#length, headBytes)) return [];
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    const messages: Buffer[] = [];
    let start = 0;
    this.#length = 0;
    while (bytes.length - start >= headBytes) {
      const length = headBytes + bytes.readUInt32BE(start + 1);
      if (start + length > bytes.length) {
        this.#length = length;
        break;
      }
      messages.push(bytes.subarray(start, start + length));
      start += length;
    }
    this.pending = bytes.length - start;
    this.#parts = this.pending === 0 ? [] : [bytes.subarray(start)];
    return messages;
  }

  rest(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

interface Field {
  readonly number: number;
  /** Of a varint its value, of a text or message its length. Exact up to 2^53: ids are larger, revisions are not. */
  readonly value: number;
  /** Where its tag, its value (the bytes of a text or message) begin, and where it ends. */
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** etcd uses no other wire types here than varint and length-delimited. */
function* fields(bytes: Buffer, from: number, to: number = bytes.length): Generator<Field> {
  let at = from;
  while (at < to) {
    const tag = readVarint(bytes, at);
    const value = readVarint(bytes, tag.next);
    const delimited = (tag.value & 7) === 2;
    const end = delimited ? value.next + value.value : value.next;
    yield {
      number: tag.value >>> 3,
      value: value.value,
      start: at,
      body: delimited ? value.next : tag.next,
      end,
    };
    at = end;
  }
}

function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly next: number } {
  let [value, at] = [0, start];
  for (let scale = 1; at < bytes.length; scale *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  return { value, next: at };
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

function framed(parts: readonly Buffer[]): Buffer {
  const message = Buffer.concat([Buffer.alloc(headBytes), ...parts]);
  message.writeUInt32BE(message.length - headBytes, 1);
  return message;
}
