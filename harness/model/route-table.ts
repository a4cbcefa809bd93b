/** What the harness knows of the test routes: which exist, what was last written to each, what it may answer. */
import { mostWrites } from '../../scenarios/most-writes.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { Gate } from './gate.ts';
import type { Seq } from './history.ts';

export interface TestRoute extends RoutePath {
  readonly seq: number;
}

export interface RoutePath {
  readonly id: string;
  readonly path: string;
  /** Of requests to it, where it has one of its own. */
  readonly host?: string;
}

/** What was last acknowledged of a route; `seq` is `null` when that was its deletion. */
export interface Acknowledged extends RoutePath {
  readonly seq: Seq;
  /** Its id in etcd. */
  readonly storedId: string;
}

/** A committed write that not every worker has shown yet. */
export interface Unseen extends Omit<RoutePath, 'id'> {
  readonly route: string;
  readonly seq: Seq;
  readonly invokedAtMs: number;
}

/** Of a table; of the settled routes the last `static` ones are in the static configuration. */
export interface RouteCounts {
  readonly settled: number;
  readonly ballast: number;
  readonly probes: number;
  readonly static?: number;
}

/** Probe routes beyond what the writes of a trial can use up. */
const spare = 20;

export class RouteTable {
  /** Carry load and never change. */
  readonly settled: readonly TestRoute[];
  /** Those of them that the gateway has in its static configuration, each at a host of its own. */
  readonly fixed: readonly TestRoute[];
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
  readonly #hosts = new Map<string, string>();
  /** Ids in etcd of those that have another one there. */
  readonly #storedIds = new Map<string, string>();
  readonly #unseen = new Map<string, Unseen>();
  /** Written since the start, or may have been. */
  readonly #written = new Set<string>();
  #lastSeq = 0;

  constructor(counts: RouteCounts) {
    const made = (kind: string, count: number): readonly TestRoute[] =>
      Array.from({ length: count }, (_, index) => this.#add(`${kind}-${index}`, `/${kind}/${index}`));
    const plain = counts.settled - (counts.static ?? 0);
    for (let index = plain; index < counts.settled; index++) {
      const [id, host] = [`settled-${index}`, `host-${index}.test`];
      this.#hosts.set(id, host).set(companionOf(id), host);
    }
    this.settled = made('settled', counts.settled);
    this.fixed = this.settled.slice(plain);
    this.ballast = made('ballast', counts.ballast);
    this.probes = made('probe', counts.probes);
  }

  /** What etcd has at the start. */
  get initial(): readonly TestRoute[] {
    return [...this.settled.slice(0, this.settled.length - this.fixed.length), ...this.ballast, ...this.probes];
  }

  /** Routes that were there from the start or written since. */
  get routes(): readonly RoutePath[] {
    return [...this.#paths].map(([id, path]) => ({ id, path, ...this.hostOf(id) }));
  }

  /** All but the ballast that nobody wrote: what tells whether a worker follows, at a cost that does not grow with the table. */
  get watched(): readonly RoutePath[] {
    const ballast = new Set(this.ballast.map(({ id }) => id));
    return this.routes.filter(({ id }) => !ballast.has(id) || this.written(id));
  }

  /** Whether it was written, or may have been, since the start: by a change, or again as it was. */
  written(route: string): boolean {
    return this.#written.has(route);
  }

  /** Of every route, but those that were only ever written with an unknown outcome. */
  get acknowledged(): readonly Acknowledged[] {
    return [...this.#expected].map(([id, seq]) => {
      const at = { path: this.pathOf(id), ...this.hostOf(id) };
      return { id, ...at, seq, storedId: this.#storedIds.get(id) ?? id };
    });
  }

  nextSeq(): number {
    return ++this.#lastSeq;
  }

  pathOf(route: string): string {
    return this.#paths.get(route) ?? `/${route.replace('-', '/')}`;
  }

  /** Nothing, where it has none of its own. */
  hostOf(route: string): Pick<RoutePath, 'host'> {
    const host = this.#hosts.get(route);
    return host === undefined ? {} : { host };
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
  committed(route: string, seq: Seq, invokedAtMs: number, storedId: string = route): void {
    this.#expected.set(route, seq);
    if (storedId !== route) this.#storedIds.set(route, storedId);
    this.#written.add(route);
    this.#paths.set(route, this.pathOf(route));
    this.#unseen.set(route, { route, path: this.pathOf(route), ...this.hostOf(route), seq, invokedAtMs });
  }

  /** The write may have been committed. */
  unknown(route: string, seq: Seq): void {
    this.#written.add(route);
    this.#paths.set(route, this.pathOf(route));
    this.#unknown.set(route, [...(this.#unknown.get(route) ?? []), seq]);
  }

  /** Whether a write of it may or may not have been committed. */
  isUncertain(route: string): boolean {
    return this.#unknown.has(route);
  }

  /** What was last acknowledged is in etcd once more, whatever came of writes after it. */
  writtenAgain(route: string): void {
    this.#written.add(route);
    this.#unknown.delete(route);
  }

  get unseen(): readonly Unseen[] {
    return [...this.#unseen.values()];
  }

  /** A newer write of the same route is still to be seen. */
  seen(write: Unseen): void {
    if (this.#unseen.get(write.route) === write) this.#unseen.delete(write.route);
  }

  #add(id: string, path: string): TestRoute {
    const route = { id, path, ...this.hostOf(id), seq: this.nextSeq() };
    this.#expected.set(id, route.seq);
    this.#paths.set(id, path);
    return route;
  }
}

/** The route that moves with a settled one of a static host: the static configuration does not know it. */
export function companionOf(settled: string): string {
  return settled.replace('settled', 'moved');
}

/** The table of a scenario, with enough probe routes that each is changed at most once. */
export function createRouteTable(scenario: Scenario): RouteTable {
  return new RouteTable({ ...scenario.table, probes: mostWrites(scenario) + spare });
}
