/** A constant rate, held against the clock rather than by counting ticks. */

const tickMs = 5;

/** Calls `act` with 0, 1, 2, … so that `ratePerSecond · elapsed` calls have been made at any time. Never ends. */
export function pace(ratePerSecond: number, act: (index: number) => void): void {
  if (ratePerSecond <= 0) return;
  const start = performance.now();
  let done = 0;
  setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1_000) * ratePerSecond);
    for (; done < due; done++) act(done);
  }, tickMs);
}
