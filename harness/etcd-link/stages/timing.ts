/** Lateness: later by a time, at most so many bytes a second, together once every so often. Order is kept. */
import { type Stage, type Unit, bodyUnit } from '../pipeline.ts';
import type { Strike } from '../strike.ts';

type Emit = (unit: Unit) => void;

/** Units that wait, with the moment at which each may go. */
class Waiting {
  readonly #units: { readonly unit: Unit; readonly dueMs: number }[] = [];
  held = 0;

  push(unit: Unit, dueMs: number): void {
    this.#units.push({ unit, dueMs });
    this.held += unit.bytes.length;
  }

  /** When the first may go; undefined when none waits. */
  get dueMs(): number | undefined {
    return this.#units[0]?.dueMs;
  }

  /** Takes out those that may go by then. */
  due(nowMs: number): readonly Unit[] {
    const after = this.#units.findIndex(({ dueMs }) => dueMs > nowMs);
    const units = this.#units.splice(0, after < 0 ? this.#units.length : after).map(({ unit }) => unit);
    for (const { bytes } of units) this.held -= bytes.length;
    return units;
  }
}

interface Pace {
  /** At which moment of `performance.now()` a unit that comes now may go. */
  readonly due: (unit: Unit) => number;
  readonly split?: (unit: Unit) => readonly Unit[];
  readonly fullAt?: number;
}

/** Emits what is due, in time. */
function paced({ due, split, fullAt = Infinity }: Pace, strike: Strike, emit: Emit): Stage {
  const waiting = new Waiting();
  let timer: NodeJS.Timeout | undefined;
  const pass = (nowMs: number): void => {
    for (const unit of waiting.due(nowMs)) {
      strike.did(1, unit.bytes.length);
      emit(unit);
    }
  };
  const wait = (): void => {
    const { dueMs } = waiting;
    timer = undefined;
    if (dueMs === undefined) return;
    timer = setTimeout(
      () => {
        pass(performance.now());
        wait();
      },
      Math.max(0, dueMs - performance.now()),
    );
  };
  return {
    take(unit) {
      for (const piece of split?.(unit) ?? [unit]) waiting.push(piece, due(piece));
      if (timer === undefined) wait();
    },
    get held() {
      return waiting.held;
    },
    get full() {
      return waiting.held > fullAt;
    },
    release() {
      clearTimeout(timer);
      for (const unit of waiting.due(Infinity)) emit(unit);
      return true;
    },
    close: () => clearTimeout(timer),
  };
}

export function delay(byMs: number, strike: Strike, emit: Emit): Stage {
  return paced({ due: () => performance.now() + byMs }, strike, emit);
}

/** More than this waits at etcd instead. Bytes. */
const slowLinkHolds = 262_144;
/** A piece goes this often, when there is enough. Milliseconds. */
const pieceEveryMs = 20;

export function throttle(bytesPerSecond: number, strike: Strike, emit: Emit): Stage {
  let freeAtMs = 0;
  const pieceBytes = Math.max(1, Math.floor((bytesPerSecond * pieceEveryMs) / 1_000));
  const due = ({ bytes }: Unit): number => {
    freeAtMs = Math.max(freeAtMs, performance.now()) + (bytes.length / bytesPerSecond) * 1_000;
    return freeAtMs;
  };
  // Heads and ends are frames, which must stay whole.
  const split = (unit: Unit): readonly Unit[] => (unit.part === 'body' ? pieces(unit, pieceBytes) : [unit]);
  return paced({ due, split, fullAt: slowLinkHolds }, strike, emit);
}

function pieces({ bytes }: Unit, most: number): readonly Unit[] {
  const count = Math.ceil(bytes.length / most);
  return Array.from({ length: count }, (_, index) => bodyUnit(bytes.subarray(index * most, (index + 1) * most)));
}

export function batch(everyMs: number, strike: Strike, emit: Emit): Stage {
  // All that comes between two deliveries goes with the second.
  const startMs = performance.now();
  const due = (): number => startMs + Math.ceil((performance.now() - startMs) / everyMs) * everyMs;
  return paced({ due }, strike, emit);
}
