/** The counts themselves. What nobody has asked for since it lost its meaning is swept away, so that memory is bounded by the live keys. */
import type { Counters } from './counters.ts';

interface Window {
  readonly endsAt: number;
  used: number;
}

interface Bucket {
  /** Requests in it, at `at`. */
  level: number;
  at: number;
  /** From then on it is empty. */
  emptyAt: number;
}

const sweepMs = 10_000;

/** `now` in milliseconds, of any clock that does not go back. */
export function localCounters(now: () => number = () => performance.now()): Counters {
  const windows = new Map<string, Window>();
  const buckets = new Map<string, Bucket>();
  let sweptAt = now();
  const sweep = (at: number): void => {
    if (at - sweptAt < sweepMs) return;
    sweptAt = at;
    for (const [key, { endsAt }] of windows) if (endsAt <= at) windows.delete(key);
    for (const [key, { emptyAt }] of buckets) if (emptyAt <= at) buckets.delete(key);
  };
  return {
    window({ key, limit, windowMs }) {
      const at = now();
      sweep(at);
      let window = windows.get(key);
      if (window === undefined || window.endsAt <= at) windows.set(key, (window = { endsAt: at + windowMs, used: 0 }));
      const admitted = window.used < limit;
      if (admitted) window.used++;
      return { admitted, remaining: limit - window.used, resetMs: window.endsAt - at };
    },
    bucket({ key, rate, burst }) {
      const at = now();
      sweep(at);
      const bucket = buckets.get(key);
      // The first request finds the bucket empty and does not fill it.
      const level = bucket === undefined ? 0 : Math.max(0, bucket.level - ((at - bucket.at) / 1_000) * rate + 1);
      if (level > burst) return { admitted: false, delayMs: 0 };
      buckets.set(key, { level, at, emptyAt: at + ((level + 1) / rate) * 1_000 });
      return { admitted: true, delayMs: (level / rate) * 1_000 };
    },
  };
}
