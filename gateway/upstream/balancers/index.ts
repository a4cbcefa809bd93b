/** The balancers, by the `type` of an upstream. */
import type { Upstream } from '../../config/config-objects.ts';
import type { Balancer } from './balancer.ts';
import { roundRobin } from './round-robin.ts';

export const balancers: Readonly<Record<Upstream['type'], (upstream: Upstream) => Balancer>> = {
  roundrobin: roundRobin,
  chash: roundRobin,
  least_conn: roundRobin,
  ewma: roundRobin,
};
