/** etcd's JSON gateway: a line of JSON for each WatchResponse, wrapped in `result`. Keys and values are base64. */
import type { Splitter, WatchFormat } from './format.ts';

const newline = 0x0a;
const createdMark = Buffer.from('"created":true');
const watchMark = Buffer.from('"watch_id":"');
/** Of every event; `"prev_kv":{` does not hold it. */
const eventMark = Buffer.from('"kv":{');

interface Line {
  readonly result?: {
    readonly header?: { revision?: string };
    readonly watch_id?: string;
    readonly canceled?: boolean;
    readonly compact_revision?: string;
    readonly events?: unknown[];
  };
}

export const jsonFormat: WatchFormat = {
  splitter: () => new LineSplitter(),
  read(line) {
    let events = 0;
    for (let at = line.indexOf(eventMark); at >= 0; at = line.indexOf(eventMark, at + eventMark.length)) events++;
    return { created: events === 0 && line.includes(createdMark), events };
  },
  dropEvent(bytes) {
    const line = parse(bytes);
    line.result?.events?.shift();
    return (line.result?.events?.length ?? 0) === 0 ? undefined : print(line);
  },
  lowerRevision(bytes, by) {
    const line = parse(bytes);
    const header = line.result?.header;
    if (header?.revision === undefined) return bytes;
    const revision = BigInt(header.revision);
    header.revision = String(revision > BigInt(by) ? revision - BigInt(by) : 1n);
    return print(line);
  },
  watchOf(line) {
    const at = line.indexOf(watchMark);
    const from = at + watchMark.length;
    // An id is a number of 64 bits; it is told when it is not 0.
    return at < 0 ? 0 : Number.parseInt(line.toString('latin1', from, from + 20), 10);
  },
  compacted(bytes) {
    const result: NonNullable<Line['result']> = parse(bytes).result ?? {};
    // The header of such a message, alone of all, tells no revision.
    const { revision = '1', ...header }: { revision?: string } = { ...result.header };
    const watch = result.watch_id === undefined ? {} : { watch_id: result.watch_id };
    return print({ result: { header, ...watch, canceled: true, compact_revision: revision } });
  },
};

function parse(bytes: Buffer): Line {
  return JSON.parse(bytes.toString('utf8')) as Line;
}

function print(line: Line): Buffer {
  return Buffer.from(`${JSON.stringify(line)}\n`);
}

class LineSplitter implements Splitter {
  #parts: Buffer[] = [];
  pending = 0;

  push(chunk: Buffer): readonly Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, start)) {
      const end = chunk.subarray(start, at + 1);
      lines.push(this.pending === 0 ? end : Buffer.concat([...this.#parts, end]));
      this.#parts = [];
      this.pending = 0;
      start = at + 1;
    }
    const rest = chunk.subarray(start);
    if (rest.length > 0) this.#parts.push(rest);
    this.pending += rest.length;
    return lines;
  }

  rest(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
