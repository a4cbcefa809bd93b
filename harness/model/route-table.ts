/** What the harness knows of the test routes: which exist, what was last written to each, what it may answer. */
import { milliseconds } from '../../scenarios/duration.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { Gate } from './gate.ts';
import type { Seq } from './history.ts';

export interface TestRoute {
  readonly id: string;
  readonly path: string;
  readonly seq: number;
}

export interface RoutePath {
  readonly id: string;
  readonly path: string;
}

/** What was last acknowledged of a route; `seq` is `null` when that was its deletion. */
export interface Acknowledged extends RoutePath {
  readonly seq: Seq;
}

/** A committed write that not every worker has shown yet. */
export interface Unseen {
  readonly route: string;
  readonly path: string;
  readonly seq: Seq;
  readonly invokedAtMs: number;
}

/** Probe routes beyond what the writes of a trial can use up. */
const spare = 20;

export class RouteTable {
  /** Carry load and never change. */
  readonly settled: readonly TestRoute[];
  /** Fill the table. */
  readonly ballast: readonly TestRoute[];
  /** Exist from the start and are changed at most once. */
  readonly probes: readonly TestRoute[];
  /** Passed by every change: while the table is written again as a whole, all others rest. */
  readonly changes: Gate = new Gate();
  /** Last acknowledged state of every route, and states that may have been committed since. */
  readonly #expected = new Map<string, Seq>();
  readonly #unknown = new Map<string, Seq[]>();
  readonly #paths = new Map<string, string>();
  readonly #unseen = new Map<string, Unseen>();
  readonly #again = new Set<string>();
  #lastSeq = 0;

  constructor(counts: { readonly settled: number; readonly ballast: number; readonly probes: number }) {
    const made = (kind: string, count: number): readonly TestRoute[] =>
      Array.from({ length: count }, (_, index) => this.#add(`${kind}-${index}`, `/${kind}/${index}`));
    this.settled = made('settled', counts.settled);
    this.ballast = made('ballast', counts.ballast);
    this.probes = made('probe', counts.probes);
  }

  get initial(): readonly TestRoute[] {
    return [...this.settled, ...this.ballast, ...this.probes];
  }

  /** Routes that were in the table from the start or written since. */
  get routes(): readonly RoutePath[] {
    return [...this.#paths].map(([id, path]) => ({ id, path }));
  }

  /** All but the ballast: what tells whether a worker follows, at a cost that does not grow with the table. */
  get watched(): readonly RoutePath[] {
    const ballast = new Set(this.ballast.map(({ id }) => id));
    return this.routes.filter(({ id }) => !ballast.has(id));
  }

  /** Of every route, but those that were only ever written with an unknown outcome. */
  get acknowledged(): readonly Acknowledged[] {
    return [...this.#expected].map(([id, seq]) => ({ id, path: this.pathOf(id), seq }));
  }

  /** Routes that were not written since the start of the trial. */
  get untouched(): ReadonlySet<string> {
    const all = [...this.settled, ...this.ballast].map(({ id }) => id);
    return new Set(all.filter((id) => !this.#again.has(id)));
  }

  nextSeq(): number {
    return ++this.#lastSeq;
  }

  pathOf(route: string): string {
    return this.#paths.get(route) ?? `/${route.replace('-', '/')}`;
  }

  /** Last acknowledged state; `null` for a route that was deleted. */
  expected(route: string): Seq {
    return this.#expected.get(route) ?? null;
  }

  /** Whether a worker that answers so is right. */
  acceptable(route: string, got: Seq): boolean {
    return got === this.expected(route) || (this.#unknown.get(route)?.includes(got) ?? false);
  }

  /** The write was committed. */
  committed(route: string, seq: Seq, invokedAtMs: number): void {
    this.#expected.set(route, seq);
    this.#paths.set(route, this.pathOf(route));
    this.#unseen.set(route, { route, path: this.pathOf(route), seq, invokedAtMs });
  }

  /** The write may have been committed. */
  unknown(route: string, seq: Seq): void {
    this.#paths.set(route, this.pathOf(route));
    this.#unknown.set(route, [...(this.#unknown.get(route) ?? []), seq]);
  }

  /** Whether a write of it may or may not have been committed. */
  isUncertain(route: string): boolean {
    return this.#unknown.has(route);
  }

  /** What was last acknowledged is in etcd once more, whatever came of writes after it. */
  writtenAgain(route: string): void {
    this.#again.add(route);
    this.#unknown.delete(route);
  }

  get unseen(): readonly Unseen[] {
    return [...this.#unseen.values()];
  }

  seen(route: string): void {
    this.#unseen.delete(route);
  }

  #add(id: string, path: string): TestRoute {
    const route = { id, path, seq: this.nextSeq() };
    this.#expected.set(id, route.seq);
    this.#paths.set(id, path);
    return route;
  }
}

/** The table of a scenario, with enough probe routes that each is changed at most once. */
export function createRouteTable({ table, writes, phases }: Scenario): RouteTable {
  const writtenMs = [phases.baseline, phases.fault, phases.settle].reduce((sum, phase) => sum + milliseconds(phase), 0);
  const probes = Math.ceil((writtenMs / 1_000) * writes.ratePerSecond) + spare;
  return new RouteTable({ ...table, probes });
}
