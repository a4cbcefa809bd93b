/** What passes towards one end goes through a stage for each fault that hits it, and then out. */
import type { Strike } from './strike.ts';

/** A piece of an answer: a whole message of a watch, or any bytes of another body. */
export interface Unit {
  readonly part: 'head' | 'body' | 'end';
  readonly bytes: Buffer;
  /** Whether it tells that a watch was created. */
  readonly created: boolean;
  readonly events: number;
}

export function bodyUnit(bytes: Buffer, created = false, events = 0): Unit {
  return { part: 'body', bytes, created, events };
}

export interface Stage {
  take(unit: Unit): void;
  /** Bytes that wait in it. */
  readonly held: number;
  /** Set while it wants no more from etcd than what is under way: a slow link, not a large buffer. */
  readonly full?: boolean;
  /**
   * The fault is over. Passes on what waits and returns true; or false when the stage has to stay, because what it
   * swallowed is missing for ever: were the same stream to go on, every gateway would lose it.
   */
  release(): boolean;
  /** Its stream is gone. */
  close(): void;
}

export type MakeStage = (emit: (unit: Unit) => void) => Stage;

interface Entry {
  readonly strike: Strike;
  readonly stage: Stage;
}

export class Pipeline {
  readonly #entries: Entry[] = [];
  readonly #out: (unit: Unit) => void;

  constructor(out: (unit: Unit) => void) {
    this.#out = out;
  }

  get busy(): boolean {
    return this.#entries.length > 0;
  }

  get held(): number {
    return this.#entries.reduce((sum, { stage }) => sum + stage.held, 0);
  }

  get full(): boolean {
    return this.#entries.some(({ stage }) => stage.full === true);
  }

  take(unit: Unit): void {
    const first = this.#entries[0];
    if (first === undefined) this.#out(unit);
    else first.stage.take(unit);
  }

  /** `last`: it cuts units into pieces, so that whoever needs whole messages has to come before it. */
  add(strike: Strike, make: MakeStage, last = false): void {
    const entry: Entry = { strike, stage: make((unit) => this.#after(entry, unit)) };
    if (last) this.#entries.push(entry);
    else this.#entries.unshift(entry);
  }

  remove(strike: Strike): void {
    for (const entry of this.#entries.filter((each) => each.strike === strike)) {
      if (entry.stage.release()) this.#entries.splice(this.#entries.indexOf(entry), 1);
    }
  }

  close(): void {
    for (const { stage } of this.#entries) stage.close();
    this.#entries.length = 0;
  }

  #after(entry: Entry, unit: Unit): void {
    const next = this.#entries[this.#entries.indexOf(entry) + 1];
    if (next === undefined) this.#out(unit);
    else next.stage.take(unit);
  }
}
