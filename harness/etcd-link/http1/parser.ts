/** Cuts one direction of an HTTP/1.1 connection into heads, pieces of bodies and ends (RFC 9112). */

export interface Head {
  /** The first line: `POST /v3/watch HTTP/1.1`, `HTTP/1.1 200 OK`. */
  readonly line: string;
  /** By lower-case name; of a name that comes twice the last. */
  readonly fields: ReadonlyMap<string, string>;
}

export interface Piece {
  readonly part: 'head' | 'body' | 'end';
  /** As it came, with the framing of chunks. */
  readonly raw: Buffer;
  /** Of a body the bytes without framing. */
  readonly content: Buffer;
  readonly head?: Head;
  /** Whether a chunk begins with it; always, in a body that has no chunks. */
  readonly fresh: boolean;
}

export type BodyLength = 'chunked' | 'until-close' | number;

/** Of a request or an answer, by its own fields. */
export function bodyLength({ fields }: Head, otherwise: 'until-close' | 0): BodyLength {
  if (fields.get('transfer-encoding')?.toLowerCase().includes('chunked') === true) return 'chunked';
  const length = fields.get('content-length');
  return length === undefined ? otherwise : Number(length);
}

const headEnd = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');
const none = Buffer.alloc(0);
/** A head or a chunk's first line that is longer is none. Bytes. */
const longest = 262_144;

type State = 'head' | 'body' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer';

export class Http1Parser {
  readonly #lengthOf: (head: Head) => BodyLength;
  #rest: Buffer = none;
  #state: State = 'head';
  #left = 0;

  /** `lengthOf` says how long the body is that follows a head. */
  constructor(lengthOf: (head: Head) => BodyLength) {
    this.#lengthOf = lengthOf;
  }

  /** The pieces that are complete with these bytes. Throws a RangeError on what is no HTTP. */
  *push(bytes: Buffer): Generator<Piece> {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length > 0) {
      const pieces = this.#next();
      if (pieces === undefined) return;
      yield* pieces;
    }
  }

  /** What came after the last whole piece, taken out: it belongs to a message whose turn has not come. */
  takeRest(): Buffer {
    const rest = this.#rest;
    this.#rest = none;
    return rest;
  }

  #next(): readonly Piece[] | undefined {
    if (this.#state === 'head') return this.#head();
    if (this.#state === 'body') return this.#counted(false);
    if (this.#state === 'chunk-data') return this.#counted(true);
    return this.#framing();
  }

  #head(): readonly Piece[] | undefined {
    const raw = this.#until(headEnd);
    if (raw === undefined) return undefined;
    const [line = '', ...lines] = raw.toString('latin1', 0, raw.length - headEnd.length).split('\r\n');
    const fields = new Map(
      lines.map((each) => {
        const colon = each.indexOf(':');
        return [each.slice(0, colon).toLowerCase(), each.slice(colon + 1).trim()];
      }),
    );
    const head = { line, fields };
    const length = this.#lengthOf(head);
    const pieces: Piece[] = [{ part: 'head', raw, content: none, head, fresh: true }];
    if (length === 'chunked') this.#state = 'chunk-size';
    else if (length === 0) pieces.push(end(none));
    else {
      this.#state = 'body';
      this.#left = length === 'until-close' ? Infinity : length;
    }
    return pieces;
  }

  #counted(chunk: boolean): readonly Piece[] {
    const raw = this.#take(Math.min(this.#left, this.#rest.length));
    this.#left -= raw.length;
    const piece: Piece = { part: 'body', raw, content: raw, fresh: !chunk };
    if (this.#left > 0) return [piece];
    this.#state = chunk ? 'chunk-end' : 'head';
    return chunk ? [piece] : [piece, end(none)];
  }

  #framing(): readonly Piece[] | undefined {
    const raw = this.#until(lineEnd);
    if (raw === undefined) return undefined;
    if (this.#state === 'trailer') {
      if (raw.length > lineEnd.length) return [];
      this.#state = 'head';
      return [end(Buffer.from('0\r\n\r\n'))];
    }
    if (this.#state === 'chunk-end') {
      this.#state = 'chunk-size';
      return [{ part: 'body', raw, content: none, fresh: false }];
    }
    const size = Number.parseInt(raw.toString('latin1'), 16);
    if (!(size >= 0)) throw new RangeError(`no chunk of HTTP/1.1: ${JSON.stringify(raw.toString('latin1', 0, 40))}`);
    this.#left = size;
    this.#state = size === 0 ? 'trailer' : 'chunk-data';
    // The last chunk's line goes with the end.
    return size === 0 ? [] : [{ part: 'body', raw, content: none, fresh: true }];
  }

  #until(mark: Buffer): Buffer | undefined {
    const at = this.#rest.indexOf(mark);
    if (at >= 0) return this.#take(at + mark.length);
    if (this.#rest.length > longest) throw new RangeError('a line of HTTP/1.1 has no end');
    return undefined;
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

function end(raw: Buffer): Piece {
  return { part: 'end', raw, content: none, fresh: true };
}
