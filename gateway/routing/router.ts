/** The route table: takes changes one by one, answers which route a request belongs to. */
import type { ConfigChange, Route, Upstream } from '../config/config-objects.ts';
import { HostTable } from './host-table.ts';
import { methodBit } from './method-set.ts';
import { matchedPath } from './request-path.ts';

export interface MatchRequest {
  readonly method: string;
  /** As in the Host header: any case, with or without a port. */
  readonly host: string;
  /** As on the request line, without the query. */
  readonly path: string;
}

export interface Match {
  readonly route: Route;
  /** Undefined when the route names an upstream that does not exist (yet). */
  readonly upstream: Upstream | undefined;
}

export interface Router {
  apply(changes: readonly ConfigChange[]): void;
  match(request: MatchRequest): Match | undefined;
}

export function createRouter(): Router {
  const table = new HostTable();
  const routes = new Map<string, Route>();
  const upstreams = new Map<string, Upstream>();

  const removeRoute = (id: string): void => {
    const route = routes.get(id);
    if (route === undefined) return;
    routes.delete(id);
    table.remove(route);
  };
  const putRoute = (route: Route): void => {
    removeRoute(route.id);
    if (!route.enabled) return;
    routes.set(route.id, route);
    table.add(route);
  };
  const apply = (change: ConfigChange): void => {
    if (change.kind === 'upstream') {
      if (change.op === 'put') upstreams.set(change.id, change.value);
      else upstreams.delete(change.id);
    } else if (change.op === 'put') putRoute(change.value);
    else removeRoute(change.id);
  };

  return {
    apply(changes) {
      for (const change of changes) apply(change);
    },
    match({ method, host, path }) {
      const matched = matchedPath(path);
      const route = matched === undefined ? undefined : table.find(hostName(host), matched, methodBit(method))?.route;
      if (route === undefined) return undefined;
      const named = route.upstreamId === undefined ? undefined : upstreams.get(route.upstreamId);
      return { route, upstream: route.upstream ?? named };
    },
  };
}

/** Lower case and without the port; an IPv6 literal keeps its brackets. */
function hostName(host: string): string {
  const colon = host.lastIndexOf(':');
  const name = colon > 0 && !host.endsWith(']') ? host.slice(0, colon) : host;
  return upperCase.test(name) ? name.toLowerCase() : name;
}

const upperCase = /[A-Z]/;
