/** What a benchmark yields: rows of one table, the same on the terminal and in `.bench/results.json`. */

export interface Row {
  readonly id: string;
  readonly what: string;
  /** Null when it could not be measured; `reference` then says why. */
  readonly value: number | null;
  readonly unit: string;
  /** As a reader says it, such as `<= 1.3`. */
  readonly goal: string;
  /** What is wished for beyond the goal, said the same way; empty without. */
  readonly aim: string;
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
  /** Better than the goal, and not asked for. */
  readonly aim?: number;
}

/** The row of a measured value; it is ok only when the value is a number within the goal. */
export function measured(goal: Goal, value: number, reference: string): Row {
  const { atMost = Infinity, atLeast = -Infinity } = goal;
  const ok = value <= atMost && value >= atLeast;
  return { ...unmeasured(goal, reference), value: Number(value.toPrecision(3)), ok };
}

/** The row of what this host cannot measure. It is neither reached nor missed. */
export function skipped(goal: Goal, because: string): Row {
  return unmeasured(goal, `skipped: ${because}`);
}

/** The row of a measurement that was tried and did not come to a valid value: a goal not reached. */
export function invalid(goal: Goal, because: string): Row {
  return { ...unmeasured(goal, `invalid: ${because}`), ok: false };
}

function unmeasured({ id, what, unit, atMost, atLeast, aim }: Goal, reference: string): Row {
  const bound = atMost === undefined ? '>=' : '<=';
  return {
    id,
    what,
    value: null,
    unit,
    goal: `${bound} ${atMost ?? atLeast}`,
    aim: aim === undefined ? '' : `${bound} ${aim}`,
    ok: null,
    reference,
  };
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
