/** Silence: what comes is swallowed or kept. */
import type { Stage, Unit } from '../pipeline.ts';
import type { Strike } from '../strike.ts';

export interface StallOptions {
  readonly mode: 'dead' | 'hold';
  /** What passes all the same. */
  readonly passes: (unit: Unit) => boolean;
  /** Bytes after which etcd is to wait; never, unless it is given. */
  readonly fullAt?: number;
}

export function stall(
  { mode, passes, fullAt = Infinity }: StallOptions,
  strike: Strike,
  emit: (unit: Unit) => void,
): Stage {
  let kept: Unit[] = [];
  let held = 0;
  return {
    take(unit) {
      if (passes(unit)) {
        emit(unit);
        return;
      }
      strike.did(1, unit.bytes.length);
      if (mode === 'dead') return;
      kept.push(unit);
      held += unit.bytes.length;
    },
    get held() {
      return held;
    },
    get full() {
      return held > fullAt;
    },
    release() {
      if (mode === 'dead') return false;
      const units = kept;
      [kept, held] = [[], 0];
      for (const unit of units) emit(unit);
      return true;
    },
    close: () => void (kept = []),
  };
}
