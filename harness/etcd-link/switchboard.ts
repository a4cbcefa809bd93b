/** The state of the link: which fault holds, which watch streams are open, what has passed. */
import type { LinkCounters } from '../model/ports.ts';
import type { WatchStream } from './watch-stream.ts';

export type StallMode = 'dead' | 'hold';

type Counted =
  | 'connections'
  | 'watchesCreated'
  | 'watchBytes'
  | 'withheldBytes'
  | 'cuts'
  | 'unaryCalls'
  | 'unaryFailed'
  | 'rangeBytes'
  | 'writes';

export class Switchboard {
  readonly streams: Set<WatchStream> = new Set();
  stall: StallMode | undefined;
  readonly #counts: Record<Counted, number> = {
    connections: 0,
    watchesCreated: 0,
    watchBytes: 0,
    withheldBytes: 0,
    cuts: 0,
    unaryCalls: 0,
    unaryFailed: 0,
    rangeBytes: 0,
    writes: 0,
  };

  count(what: Counted, amount = 1): void {
    this.#counts[what] += amount;
  }

  startStall(mode: StallMode): void {
    this.stall = mode;
    for (const stream of this.streams) stream.silence(mode);
  }

  /** Closes every open watch stream once. Returns how many there were. */
  cut(): number {
    const open = [...this.streams];
    for (const stream of open) stream.cut();
    this.count('cuts', open.length);
    return open.length;
  }

  /** Ends the stall. Held bytes are delivered; a stream that lost bytes stays mute until it is closed. */
  heal(): void {
    this.stall = undefined;
    for (const stream of this.streams) stream.release();
  }

  counters(): LinkCounters {
    const withheldStreams = [...this.streams].filter((stream) => stream.silent).length;
    return { ...this.#counts, watchesOpen: this.streams.size, withheldStreams, stalling: this.stall !== undefined };
  }
}
