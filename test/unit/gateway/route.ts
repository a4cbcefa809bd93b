/** Objects for table tests, made as the gateway makes them of what etcd holds. */
import type { ConfigChange, Route, Upstream } from '../../../gateway/config/config-objects.ts';
import { routeKind } from '../../../gateway/config/kinds/route.ts';
import { upstreamKind } from '../../../gateway/config/kinds/upstream.ts';
import type { MatchRequest } from '../../../gateway/routing/router.ts';

export const upstream: Upstream = upstreamKind.read('u', { nodes: { '127.0.0.1:1980': 1 } } as never);

/** A route for `/` with what is given in place of its own. */
export function route(id: string, wishes: Partial<Route>): Route {
  const raw = { uri: '/', upstream: { nodes: { '127.0.0.1:1980': 1 } } };
  return { ...routeKind.read(id, raw as never), ...wishes };
}

export function request(
  method: string,
  host: string,
  path: string,
  variables: Readonly<Record<string, string>> = {},
): MatchRequest {
  return { method, host, path, variable: (name) => variables[name] };
}

export function put(value: Route): ConfigChange {
  return { kind: 'route', op: 'put', id: value.id, value };
}

export function remove(id: string): ConfigChange {
  return { kind: 'route', op: 'delete', id };
}
