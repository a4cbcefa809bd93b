/** What all requests of a worker share. */
import type { Consumers } from '../config/consumers.ts';
import type { Counters } from '../limits/counters.ts';
import type { Blocks } from '../routing/blocks.ts';
import type { Router } from '../routing/router.ts';
import type { Pools } from '../upstream/pools.ts';
import type { UpstreamStates } from '../upstream/upstream-states.ts';
import type { IdleBodies } from './idle-bodies.ts';
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
  /** Counts an answer under the id of its route, or its name where it has one and that is asked for. */
  readonly routeServed: (context: RequestContext, status: number, byName: boolean) => void;
  /** Clients that may say how their own clients came. */
  readonly trusts: Trust;
}

export interface GatewayState extends Served, Facilities {
  readonly blocks: Blocks;
  readonly pools: Pools;
  readonly upstreams: UpstreamStates;
  readonly bodies: IdleBodies;
  /** Told of each request that cannot be read, by a word of Node's parser, such as `HPE_INVALID_METHOD`, or our own. */
  readonly onMalformed: (code: string, client: string | undefined) => void;
}
