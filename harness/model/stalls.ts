/**
 * How long clients were held up while changes were applied to the route table, by the size that it had. A worker that sorts or
 * rebuilds its table answers nobody meanwhile: the longest latency of a second, from the intended send, is its longest stall.
 */
import { filledRoute } from './filled-routes.ts';
import type { History, Observation } from './history.ts';
import { samples } from './samples.ts';

/** What the clients saw of one size of the table. */
export interface StallsOfSize {
  readonly routes: number;
  /** The longest latency of each whole second, in milliseconds. As the record has it: not a number, when that is none. */
  readonly longestMs: readonly number[];
}

/** When every worker serves what was added, what that left behind is still being cleared away. */
const afterGrowthMs = 1_000;
const secondMs = 1_000;

type Of<K extends Observation['kind']> = Extract<Observation, { readonly kind: K }>;

/** From the baseline to the end of the fault phase, smallest size first. Seconds in which the size changed are in none. */
export function stallsBySize(history: History): readonly StallsOfSize[] {
  const table = new Table();
  const seen = new Map<number, number[]>();
  for (const o of history) {
    if (o.kind === 'phase' && o.phase === 'settle') break;
    table.take(o);
    if (o.kind !== 'load' || o.maxMs === undefined || !table.stoodSince(o.atMs - secondMs)) continue;
    seen.set(table.routes, [...(seen.get(table.routes) ?? []), o.maxMs]);
  }
  const sizes = [...seen].map(([routes, longestMs]) => ({ routes, longestMs }));
  return sizes.toSorted((a, b) => a.routes - b.routes);
}

/** Steps that have begun to write their routes, by the last of these: a worker that shows it has read all of them. */
type Awaited = Map<string, { readonly step: number; readonly routes: number }>;

/** The size of the table, as the history tells of it. */
class Table {
  #initial = Number.NaN;
  /** More routes, by the step that has written them. */
  readonly #more = new Map<number, number>();
  readonly #awaited: Awaited = new Map();
  /** Steps whose routes come or go. */
  readonly #changing = new Set<number>();
  #sinceMs = Infinity;

  get routes(): number {
    return [...this.#more.values()].reduce((sum, each) => sum + each, this.#initial);
  }

  stoodSince(atMs: number): boolean {
    return Number.isFinite(this.#initial) && this.#changing.size === 0 && atMs >= this.#sinceMs + afterGrowthMs;
  }

  take(o: Observation): void {
    if (o.kind === 'sample' && o.metric === samples.tableRoutes) this.#initial = o.value;
    if (o.kind === 'phase' && o.phase === 'baseline') this.#sinceMs = o.atMs;
    if (o.kind === 'fault') this.#change(o);
    if (o.kind === 'visible' && o.seq !== null) this.#shown(o);
  }

  #change({ step, fault, edge, atMs }: Of<'fault'>): void {
    if (fault.kind !== 'routes.fill') return;
    const { routes } = fault;
    const last = filledRoute(step, routes - 1);
    if (edge === 'inject') this.#awaited.set(last, { step, routes });
    if (edge === 'heal') this.#awaited.delete(last);
    if (edge === 'inject' || edge === 'heal') this.#changing.add(step);
    if (edge !== 'healed') return;
    this.#more.delete(step);
    this.#stands(step, atMs);
  }

  /** Every worker serves it. */
  #shown({ route, atMs }: Of<'visible'>): void {
    const awaited = this.#awaited.get(route);
    if (awaited === undefined) return;
    this.#awaited.delete(route);
    this.#more.set(awaited.step, awaited.routes);
    this.#stands(awaited.step, atMs);
  }

  #stands(step: number, atMs: number): void {
    this.#changing.delete(step);
    this.#sinceMs = atMs;
  }
}
