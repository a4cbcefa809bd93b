/** A change of upstreams, wherever one may stand. */
import type { Upstream } from '../../config/config-objects.ts';
import type { Reading } from '../store/with-objects.ts';

export function everyUpstream(change: (upstream: Upstream) => Upstream): NonNullable<Reading['after']> {
  return {
    upstream: change,
    route: (route) => (route.upstream === undefined ? route : { ...route, upstream: change(route.upstream) }),
    service: (service) =>
      service.upstream === undefined ? service : { ...service, upstream: change(service.upstream) },
  };
}
