/** How far work has come and how long the rest will take, in words. */

export interface Estimate {
  readonly trials: number;
  readonly done: number;
  /** What the plan says that all of it takes, in milliseconds. */
  readonly expectedMs: number;
}

/** ` 44 %, 4 of 9 trials, about 75 s left`. */
export function timeLeft({ trials, done, expectedMs }: Estimate, elapsedMs: number): string {
  // Trials differ in length and the quick ones often come first, so the plan is believed until it proves too short.
  const pace = done === 0 ? 0 : (elapsedMs / done) * trials;
  const total = done >= trials ? elapsedMs : elapsedMs < expectedMs ? expectedMs : Math.max(expectedMs, pace);
  // Never 100 while something is left to do.
  const percent = done >= trials ? 100 : Math.min(99, Math.floor((100 * elapsedMs) / Math.max(total, 1)));
  const left = total - elapsedMs;
  const words = done >= trials ? 'judging' : left > 0 ? `about ${clock(left)} left` : 'a little left';
  return `${String(percent).padStart(3)} %, ${done} of ${trials} trials, ${words}`;
}

/** `75 s` under two minutes, else `3 min 05 s`. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
