/** A route for table tests: everything but the matching section is the same. */
import type { ConfigChange, Route, Upstream } from '../../../gateway/config/config-objects.ts';

export const upstream: Upstream = {
  nodes: [{ host: '127.0.0.1', port: 1980, weight: 1 }],
  passHost: 'pass',
  upstreamHost: undefined,
  timeout: { connectMs: 1_000, readMs: 1_000 },
};

export function route(id: string, matching: Partial<Route>): Route {
  const section = { uris: ['/'], hosts: [], methods: [], priority: 0, enabled: true, ...matching };
  return { id, upstream, upstreamId: undefined, rewrite: undefined, ...section };
}

export function put(value: Route): ConfigChange {
  return { kind: 'route', op: 'put', id: value.id, value };
}

export function remove(id: string): ConfigChange {
  return { kind: 'route', op: 'delete', id };
}
