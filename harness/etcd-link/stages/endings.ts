/** Ends: after so many events or bytes, in the middle of an event, after a time without anything. */
import { type Stage, type Unit, bodyUnit } from '../pipeline.ts';
import type { Strike } from '../strike.ts';
import type { Ending, Target } from '../target.ts';

type Emit = (unit: Unit) => void;

const nothing = { held: 0, release: () => true, close: () => undefined } as const;

/** Passes messages up to that with the nth event, and then ends the stream. */
export function endAfterEvents(events: number, ending: Ending, target: Target, strike: Strike, emit: Emit): Stage {
  let seen = 0;
  return {
    ...nothing,
    take(unit) {
      emit(unit);
      seen += unit.events;
      if (seen < events) return;
      strike.did(1, 0);
      target.finish(ending);
    },
  };
}

/** Passes messages with so many events, and half of the next. */
export function tearAfterEvents(events: number, target: Target, strike: Strike, emit: Emit): Stage {
  let seen = 0;
  return {
    ...nothing,
    take(unit) {
      if (unit.events === 0 || seen < events) emit(unit);
      else {
        strike.did(1, unit.bytes.length);
        target.tear(unit.bytes);
      }
      seen += unit.events;
    },
  };
}

export function endAfterBytes(bytes: number, target: Target, strike: Strike, emit: Emit): Stage {
  let left = bytes;
  return {
    ...nothing,
    take(unit) {
      if (unit.part !== 'body' || unit.bytes.length <= left) {
        emit(unit);
        if (unit.part === 'body') left -= unit.bytes.length;
        return;
      }
      if (left > 0) emit(bodyUnit(unit.bytes.subarray(0, left)));
      strike.did(1, unit.bytes.length - left);
      target.finish('broken-off');
    },
  };
}

export function endWhenIdle(afterMs: number, target: Target, strike: Strike, emit: Emit): Stage {
  const timer = setTimeout(() => {
    strike.did(1, 0);
    target.finish('cut');
  }, afterMs);
  const stop = (): void => clearTimeout(timer);
  return {
    held: 0,
    take(unit) {
      timer.refresh();
      emit(unit);
    },
    release() {
      stop();
      return true;
    },
    close: stop,
  };
}
