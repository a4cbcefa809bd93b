/** How many literal runs there are of each depth, as bits for the look-up, which asks only where there is something. */

/** The last depth that has a bit of its own in a number; its bit stands for all below it too. */
export const deepest = 31;

/** Slashes in the run, less one. */
function depthOf(run: string): number {
  return Math.min(run.split('/').length - 2, deepest);
}

export class Depths {
  readonly #counts: number[] = [];
  #mask = 0;

  /** Returns the mask: bit n is set when there is a run of depth n. */
  count(run: string, by: 1 | -1): number {
    const depth = depthOf(run);
    const count = (this.#counts[depth] ?? 0) + by;
    this.#counts[depth] = count;
    this.#mask = count > 0 ? this.#mask | (1 << depth) : this.#mask & ~(1 << depth);
    return this.#mask;
  }
}
