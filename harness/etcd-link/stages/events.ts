/** Lies: an event left out or canceled, messages twice, in the wrong order, or with an older revision than etcd has. */
import { type Stage, type Unit, bodyUnit } from '../pipeline.ts';
import type { Strike } from '../strike.ts';
import type { WatchFormat } from '../watch/format.ts';

type Emit = (unit: Unit) => void;

/** A stage that rewrites messages with events, and holds nothing. */
function rewriting(rewrite: (unit: Unit) => readonly Unit[], emit: Emit): Stage {
  const take = (unit: Unit): void => {
    for (const each of unit.events === 0 ? [unit] : rewrite(unit)) emit(each);
  };
  return { take, held: 0, release: () => true, close: () => undefined };
}

export function dropEvent(format: WatchFormat, strike: Strike, emit: Emit): Stage {
  let dropped = false;
  const rewrite = (unit: Unit): readonly Unit[] => {
    if (dropped) return [unit];
    dropped = true;
    const bytes = format.dropEvent(unit.bytes);
    strike.did(1, unit.bytes.length - (bytes?.length ?? 0));
    return bytes === undefined ? [] : [bodyUnit(bytes, false, unit.events - 1)];
  };
  return rewriting(rewrite, emit);
}

export function duplicate(strike: Strike, emit: Emit): Stage {
  const rewrite = (unit: Unit): readonly Unit[] => {
    strike.did(1, unit.bytes.length);
    return [unit, unit];
  };
  return rewriting(rewrite, emit);
}

export function lowerRevision(by: number, format: WatchFormat, strike: Strike, emit: Emit): Stage {
  const rewrite = (unit: Unit): readonly Unit[] => {
    strike.did(1, unit.bytes.length);
    return [{ ...unit, bytes: format.lowerRevision(unit.bytes, by) }];
  };
  return rewriting(rewrite, emit);
}

/** Of each watch one message with events is a cancellation instead. etcd has not heard of it and goes on, which is swallowed. */
export function cancelCompacted(format: WatchFormat, strike: Strike, emit: Emit): Stage {
  const canceled = new Set<number>();
  let over = false;
  return {
    held: 0,
    take(unit) {
      const watch = unit.part === 'body' ? format.watchOf(unit.bytes) : undefined;
      if (watch !== undefined && canceled.has(watch)) return;
      if (watch === undefined || unit.events === 0 || over) {
        emit(unit);
        return;
      }
      canceled.add(watch);
      strike.did(1, unit.bytes.length);
      emit(bodyUnit(format.compacted(unit.bytes)));
    },
    release() {
      over = true;
      return canceled.size === 0;
    },
    close: () => undefined,
  };
}

/** Of every two messages with events the second goes first. */
export function reorder(strike: Strike, emit: Emit): Stage {
  let kept: Unit | undefined;
  const pass = (): void => {
    const unit = kept;
    kept = undefined;
    if (unit !== undefined) emit(unit);
  };
  return {
    take(unit) {
      if (unit.part === 'end') pass();
      if (unit.events > 0 && kept === undefined) {
        kept = unit;
        return;
      }
      emit(unit);
      if (unit.events === 0) return;
      strike.did(2, unit.bytes.length);
      pass();
    },
    get held() {
      return kept?.bytes.length ?? 0;
    },
    release() {
      pass();
      return true;
    },
    close: () => void (kept = undefined),
  };
}
