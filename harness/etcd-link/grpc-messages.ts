/**
 * gRPC's message framing (a flag byte, four length bytes, the message) on a byte stream, and the little of
 * `WatchResponse` that must be known of a message: whether it is the answer that a watch was created.
 */

const headBytes = 5;
/** Field numbers of etcdserverpb.WatchResponse. */
const watchResponse = { created: 3, lastLeading: 3 } as const;

/** Cuts a stream of chunks into whole messages, each with its frame head. */
export class MessageSplitter {
  #rest: Buffer = Buffer.alloc(0);

  /** Whole messages that are complete with this chunk. A chunk that is just whole messages is not copied. */
  push(chunk: Buffer): readonly Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: Buffer[] = [];
    let start = 0;
    while (bytes.length - start >= headBytes) {
      const end = start + headBytes + bytes.readUInt32BE(start + 1);
      if (end > bytes.length) break;
      messages.push(bytes.subarray(start, end));
      start = end;
    }
    this.#rest = bytes.subarray(start);
    return messages;
  }
}

/** Whether a framed WatchResponse has `created` set. Reads the leading fields only; events are never decoded. */
export function isCreated(message: Buffer): boolean {
  let at = headBytes;
  while (at < message.length) {
    const tag = varint(message, at);
    const field = tag.value >>> 3;
    if (field > watchResponse.lastLeading) return false;
    const body = varint(message, tag.next);
    if (field === watchResponse.created) return body.value === 1;
    // Wire type 2 is a length and so many bytes; the leading fields have no other type than that and varint.
    at = (tag.value & 7) === 2 ? body.next + body.value : body.next;
  }
  return false;
}

/** Values beyond 32 bits come out wrong, their length does not: only small ones are looked at. */
function varint(bytes: Buffer, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  let at = start;
  for (let shift = 0; at < bytes.length; shift += 7) {
    const byte = bytes[at++] ?? 0;
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return { value: value >>> 0, next: at };
}
