/** The balancers, by the `type` of an upstream. */
import type { Upstream } from '../../config/config-objects.ts';
import type { Balancer } from './balancer.ts';
import { consistentHash } from './chash.ts';
import { ewma } from './ewma.ts';
import { leastConn } from './least-conn.ts';
import { roundRobin } from './round-robin.ts';

export const balancers: Readonly<Record<Upstream['type'], (upstream: Upstream, clock: () => number) => Balancer>> = {
  roundrobin: roundRobin,
  chash: ({ hash }) => consistentHash(hash),
  least_conn: leastConn,
  ewma: (_upstream, clock) => ewma(clock),
};
