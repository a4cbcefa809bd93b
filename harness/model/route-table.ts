/** What the harness knows of the test routes: which exist, what was last written to each, what it may answer. */
import { mostWrites } from '../../scenarios/most-writes.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
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
  /** Last acknowledged state of every route, and states that may have been committed since. */
  readonly #expected = new Map<string, Seq>();
  readonly #unknown = new Map<string, Seq[]>();
  readonly #paths = new Map<string, string>();
  readonly #unseen = new Map<string, Unseen>();
  /** Changed since the start. */
  readonly #written = new Set<string>();
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

  /** All but the ballast as it was: what tells whether a worker follows, at a cost that does not grow with the table. */
  get watched(): readonly RoutePath[] {
    const ballast = new Set(this.ballast.map(({ id }) => id));
    return this.routes.filter(({ id }) => !ballast.has(id) || this.written(id));
  }

  /** Whether it was changed, or may have been, since the start. */
  written(route: string): boolean {
    return this.#written.has(route);
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
    this.#written.add(route);
    this.#paths.set(route, this.pathOf(route));
    this.#unseen.set(route, { route, path: this.pathOf(route), seq, invokedAtMs });
  }

  /** The write may have been committed. */
  unknown(route: string, seq: Seq): void {
    this.#written.add(route);
    this.#paths.set(route, this.pathOf(route));
    this.#unknown.set(route, [...(this.#unknown.get(route) ?? []), seq]);
  }

  get unseen(): readonly Unseen[] {
    return [...this.#unseen.values()];
  }

  /** A newer write of the same route is still to be seen. */
  seen(write: Unseen): void {
    if (this.#unseen.get(write.route) === write) this.#unseen.delete(write.route);
  }

  #add(id: string, path: string): TestRoute {
    const route = { id, path, seq: this.nextSeq() };
    this.#expected.set(id, route.seq);
    this.#paths.set(id, path);
    return route;
  }
}

/** The table of a scenario, with enough probe routes that each is changed at most once. */
export function createRouteTable(scenario: Scenario): RouteTable {
  return new RouteTable({ ...scenario.table, probes: mostWrites(scenario) + spare });
}
