/** What all requests of a worker share. */
import type { Consumers } from '../config/consumers.ts';
import type { Counters } from '../limits/counters.ts';
import type { Blocks } from '../routing/blocks.ts';
import type { Router } from '../routing/router.ts';
import type { Pools } from '../upstream/pools.ts';
import type { UpstreamStates } from '../upstream/upstream-states.ts';
import type { Trust } from './peer.ts';
import type { RequestContext } from './request-context.ts';

export interface Served {
  /** Value of the response header `x-gateway-worker`. */
  readonly workerId: string;
  /** Called once for each answer, when its head goes out. */
  readonly onServed: (context: RequestContext, status: number) => void;
}

/** What plugins may use besides the request itself. */
export interface Facilities {
  readonly router: Router;
  readonly consumers: Consumers;
  readonly counters: Counters;
  /** Counts an answer under the name of its route. */
  readonly routeServed: (context: RequestContext, status: number) => void;
  /** Clients that may say how their own clients came. */
  readonly trusts: Trust;
}

export interface GatewayState extends Served, Facilities {
  readonly blocks: Blocks;
  readonly pools: Pools;
  readonly upstreams: UpstreamStates;
}
