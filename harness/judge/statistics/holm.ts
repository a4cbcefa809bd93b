/** Holm's step-down over the scenarios of one session. */

/**
 * For each p value the factor by which Holm multiplies it, and the floor that smaller p values put under it:
 * the adjusted value is `min(1, max(floor, factor · p))`. Equal p values keep their order.
 */
export interface HolmStep {
  readonly factor: number;
  readonly floor: number;
}

export function holm(pValues: readonly number[]): readonly HolmStep[] {
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p || a.index - b.index);
  const steps: HolmStep[] = pValues.map(() => ({ factor: 1, floor: 0 }));
  let floor = 0;
  order.forEach(({ p, index }, rank) => {
    const factor = pValues.length - rank;
    steps[index] = { factor, floor };
    floor = Math.max(floor, Math.min(1, factor * p));
  });
  return steps;
}

export function adjusted(step: HolmStep, p: number): number {
  return Math.min(1, Math.max(step.floor, step.factor * p));
}
