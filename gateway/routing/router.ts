/** The route table: takes changes one by one, answers what is to become of a request. */
import type { BoundPlugin } from '../plugins/plugin.ts';
import type { ConfigChange, Route, Upstream } from '../config/config-objects.ts';
import type { Asked } from './condition.ts';
import { HostTable } from './host-table.ts';
import { methodBit } from './method-set.ts';
import { matchedPath } from './request-path.ts';
import { type Match, Placed } from './placed.ts';
import { SharedObjects } from './shared-objects.ts';

export interface MatchRequest extends Asked {
  readonly method: string;
  /** As in the Host header: any case, with or without a port. */
  readonly host: string;
  /** As on the request line, without the query. */
  readonly path: string;
}

export interface Router {
  apply(changes: readonly ConfigChange[]): void;
  match(request: MatchRequest): Match | undefined;
  /** What every request goes through, also one without a match. */
  globalPlugins(): readonly BoundPlugin[];
  /** The named upstream, as it is now. */
  upstream(id: string): Upstream | undefined;
  /** Every route in the table. */
  routes(): Iterable<Route>;
}

export function createRouter(): Router {
  const table = new RouteTable();
  return {
    apply: (changes) => changes.forEach((change) => table.apply(change)),
    match: (request) => table.match(request),
    globalPlugins: () => table.globalPlugins,
    upstream: (id) => table.upstream(id),
    routes: () => table.routes(),
  };
}

class RouteTable {
  readonly #table = new HostTable();
  readonly #placed = new Map<string, Placed>();
  readonly #shared = new SharedObjects();
  /** Service → routes that inherit from it. */
  readonly #heirs = new Map<string, Set<Placed>>();

  get globalPlugins(): readonly BoundPlugin[] {
    return this.#shared.globalPlugins;
  }

  upstream(id: string): Upstream | undefined {
    return this.#shared.upstream(id);
  }

  *routes(): Iterable<Route> {
    for (const { route } of this.#placed.values()) yield route;
  }

  apply(change: ConfigChange): void {
    if (change.kind === 'route') {
      if (change.op === 'put') this.#put(change.value);
      else this.#remove(change.id);
      return;
    }
    this.#shared.apply(change);
    if (change.kind === 'service') this.#moveHeirs(change.id);
  }

  match(request: MatchRequest): Match | undefined {
    const path = matchedPath(request.path);
    if (path === undefined) return undefined;
    const wanted = { path, method: methodBit(request.method), request };
    const found = this.#table.find(hostName(request.host), wanted)?.placed;
    return found?.current(this.#shared);
  }

  #put(route: Route): void {
    this.#remove(route.id);
    if (!route.enabled) return;
    const placed = new Placed(route, this.#hostsOf(route));
    this.#placed.set(route.id, placed);
    this.#table.add(placed);
    const { serviceId } = route;
    if (serviceId === undefined) return;
    const heirs = this.#heirs.get(serviceId);
    if (heirs === undefined) this.#heirs.set(serviceId, new Set([placed]));
    else heirs.add(placed);
  }

  #remove(id: string): void {
    const placed = this.#placed.get(id);
    if (placed === undefined) return;
    this.#placed.delete(id);
    this.#table.remove(placed);
    const { serviceId } = placed.route;
    const heirs = serviceId === undefined ? undefined : this.#heirs.get(serviceId);
    heirs?.delete(placed);
    if (heirs?.size === 0 && serviceId !== undefined) this.#heirs.delete(serviceId);
  }

  /** Routes without hosts of their own stand under those of their service. */
  #moveHeirs(serviceId: string): void {
    for (const placed of this.#heirs.get(serviceId) ?? []) {
      if (placed.route.hosts.length > 0) continue;
      this.#table.remove(placed);
      placed.hosts = this.#hostsOf(placed.route);
      this.#table.add(placed);
    }
  }

  #hostsOf({ hosts, serviceId }: Route): readonly string[] {
    if (hosts.length > 0 || serviceId === undefined) return hosts;
    return this.#shared.service(serviceId)?.hosts ?? [];
  }
}

/** Lower case and without the port; an IPv6 literal keeps its brackets. */
function hostName(host: string): string {
  const colon = host.lastIndexOf(':');
  const name = colon > 0 && !host.endsWith(']') ? host.slice(0, colon) : host;
  return upperCase.test(name) ? name.toLowerCase() : name;
}

const upperCase = /[A-Z]/;
