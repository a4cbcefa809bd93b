/** What must be known of the messages of a watch, in either protocol: where they end, and what they tell. */

export interface WatchFormat {
  splitter(): Splitter;
  /** Reads no further than it must; events are not decoded. */
  read(message: Buffer): { readonly created: boolean; readonly events: number };
  /** The message without its first event; undefined when it then has none. */
  dropEvent(message: Buffer): Buffer | undefined;
  /** The message with a header whose revision is smaller by so many. */
  lowerRevision(message: Buffer, by: number): Buffer;
  /** The watch that it is of, by its id within the stream. */
  watchOf(message: Buffer): number;
  /** What etcd says in the place of it when it has compacted what it tells. */
  compacted(message: Buffer): Buffer;
}

/** Cuts a byte stream into whole messages, framing included. */
export interface Splitter {
  /** Messages that are complete with this chunk. */
  push(chunk: Buffer): readonly Buffer[];
  /** Bytes of a message that is not complete yet. */
  readonly pending: number;
  /** Those bytes: what is left when the stream ends within a message. */
  rest(): Buffer;
}
