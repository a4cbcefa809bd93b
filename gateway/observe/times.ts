/**
 * A histogram that costs a request two additions. prom-client's own takes its labels apart at each observation, which is
 * more than all the rest of counting: here times are plain numbers, and are told when they are asked for.
 */
import { Histogram } from 'prom-client';

/** Upper bounds of the buckets. Seconds. */
const bounds: readonly number[] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

/** The times of one series. */
export class Times {
  /** By the first bound that is not exceeded; the last is of those that exceed all. */
  readonly #counts = Array.from({ length: bounds.length + 1 }, () => 0);
  #sum = 0;

  add(seconds: number): void {
    let bucket = 0;
    while (seconds > (bounds[bucket] ?? Infinity)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  /** As Prometheus has a histogram: each bucket with all below it. None before the first time. */
  values(name: string, labels: Readonly<Record<string, string>>): readonly Value[] {
    let count = 0;
    const buckets = this.#counts.map((inBucket, index) => {
      count += inBucket;
      return { metricName: `${name}_bucket`, labels: { le: bounds[index] ?? '+Inf', ...labels }, value: count };
    });
    if (count === 0) return [];
    const sum = { metricName: `${name}_sum`, labels: { ...labels }, value: this.#sum };
    return [...buckets, sum, { metricName: `${name}_count`, labels: { ...labels }, value: count }];
  }
}

interface Value {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly value: number;
}

/** Is asked for all of its series whenever somebody wants to know. */
export class TimesHistogram extends Histogram {
  readonly #series: (name: string) => readonly Value[];

  constructor(name: string, help: string, series: (name: string) => readonly Value[]) {
    super({ name, help, labelNames: ['type', 'route'] });
    this.#series = series;
  }

  override get(): ReturnType<Histogram['get']> {
    return super.get().then((empty) => ({ ...empty, values: [...this.#series(empty.name)] }));
  }
}
