/** What a benchmark yields: rows of one table, the same on the terminal and in `.bench/results.json`. */

export interface Row {
  readonly id: string;
  readonly what: string;
  /** Null when it could not be measured; `reference` then says why. */
  readonly value: number | null;
  readonly unit: string;
  /** As a reader says it, such as `<= 1.3`. */
  readonly goal: string;
  readonly ok: boolean | null;
  /** What the value is relative to and how it was taken. */
  readonly reference: string;
}

export interface Benchmark {
  readonly name: string;
  readonly run: () => Promise<readonly Row[]>;
}

export interface Goal {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** The row of a measured value; it is ok only when the value is a number within the goal. */
export function measured({ id, what, unit, atMost, atLeast }: Goal, value: number, reference: string): Row {
  const ok = value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity);
  return { id, what, value: Number(value.toPrecision(3)), unit, goal: goalText({ atMost, atLeast }), ok, reference };
}

/** The row of what this host cannot measure. It is neither reached nor missed. */
export function skipped({ id, what, unit, atMost, atLeast }: Goal, because: string): Row {
  return {
    id,
    what,
    value: null,
    unit,
    goal: goalText({ atMost, atLeast }),
    ok: null,
    reference: `skipped: ${because}`,
  };
}

/** The row of a measurement that was tried and did not come to a valid value: a goal not reached. */
export function invalid({ id, what, unit, atMost, atLeast }: Goal, because: string): Row {
  return {
    id,
    what,
    value: null,
    unit,
    goal: goalText({ atMost, atLeast }),
    ok: false,
    reference: `invalid: ${because}`,
  };
}

function goalText(goal: { readonly atMost: number | undefined; readonly atLeast: number | undefined }): string {
  return goal.atMost === undefined ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
}

/** The q-quantile by the nearest rank; NaN of nothing, which reaches no goal. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** Of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}
