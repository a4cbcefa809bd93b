/** How far work has come and how long the rest will take, in words. All times in milliseconds. */

export class TimeLeft {
  #trials = 0;
  #done = 0;
  /** What the plan says that all of it takes, and what it said of the trials that have ended. */
  #expected = 0;
  #ended = 0;
  /** What had ended when nothing was running, and when that was. */
  #behind = 0;
  #since = 0;
  #percent = 0;
  readonly #running = new Map<string, number>();

  start(trials: number, expectedMs: number): void {
    this.#trials = trials;
    this.#expected = expectedMs;
  }

  /** `expectedMs`: what this trial takes of the time of all. */
  begin(trial: string, expectedMs: number): void {
    this.#running.set(trial, expectedMs);
    // More blocks than the first look may be needed.
    const begun = [...this.#running.values()].reduce((sum, each) => sum + each, this.#ended);
    this.#trials = Math.max(this.#trials, this.#done + this.#running.size);
    this.#expected = Math.max(this.#expected, begun);
  }

  end(trial: string, elapsedMs: number): void {
    this.#ended += this.#running.get(trial) ?? 0;
    this.#running.delete(trial);
    this.#done++;
    if (this.#running.size > 0) return;
    this.#behind = this.#ended;
    this.#since = elapsedMs;
  }

  /** ` 44 %, 4 of 9 trials, about 75 s left`. */
  words(elapsedMs: number): string {
    const finished = this.#done >= this.#trials;
    // A host may be slower than the plan: whole blocks tell by how much. Within a block they do not, since its arms may
    // run side by side and then end together.
    const pace = this.#behind === 0 ? 1 : this.#since / this.#behind;
    const left = (this.#expected - this.#behind) * pace - (elapsedMs - this.#since);
    const share = Math.floor((100 * elapsedMs) / Math.max(elapsedMs + Math.max(left, 0), 1));
    // Never 100 while something is left to do; and what is done is not undone when the outlook becomes worse.
    if (!finished) this.#percent = Math.max(this.#percent, Math.min(99, share));
    const percent = finished ? 100 : this.#percent;
    const rest = finished ? 'judging' : left > 0 ? `about ${clock(left)} left` : 'a little left';
    return `${String(percent).padStart(3)} %, ${this.#done} of ${this.#trials} trials, ${rest}`;
  }
}

/** `75 s` under two minutes, else `3 min 05 s`. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
