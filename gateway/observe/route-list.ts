/** The routes that a worker has in force, as `GET /v1/routes` tells them. */
import type { Route } from '../config/config-objects.ts';

export interface RoutePage {
  readonly page: number;
  readonly pageSize: number;
}

/** In the order of their ids. */
export function routeList(routes: Iterable<Route>, { page, pageSize }: RoutePage): object {
  const all = [...routes].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const list = all.slice((page - 1) * pageSize, page * pageSize).map((route) => ({
    id: route.id,
    name: route.name,
    labels: route.labels,
    uris: route.uris,
    hosts: route.hosts,
    methods: route.methods,
    priority: route.priority,
    service_id: route.serviceId,
    upstream_id: route.upstreamId,
    plugins: route.plugins.map(({ name }) => name),
  }));
  return { total: all.length, list };
}
