/** Smooth weighted round-robin, as nginx does it: exact shares, spread as evenly as they can be. */

/** Chooses among candidates, which may be others each time; at least one. A choice of weight 0 is never made while there are others. */
export function smoothTurns<T extends object>(weightOf: (candidate: T) => number): (candidates: readonly T[]) => T {
  const current = new WeakMap<T, number>();
  return (candidates) => {
    let total = 0;
    let best: T | undefined;
    let most = -Infinity;
    for (const each of candidates) {
      const weight = weightOf(each);
      const turn = (current.get(each) ?? 0) + weight;
      current.set(each, turn);
      total += weight;
      if (turn > most) [best, most] = [each, turn];
    }
    if (best === undefined) throw new Error('there is nothing to choose from');
    current.set(best, most - total);
    return best;
  };
}
