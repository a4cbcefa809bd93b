/** What all requests of a worker share. */
import type { Blocks } from '../routing/blocks.ts';
import type { Router } from '../routing/router.ts';
import type { Pools } from '../upstream/pools.ts';
import type { UpstreamStates } from '../upstream/upstream-states.ts';
import type { RequestContext } from './request-context.ts';

export interface Served {
  /** Value of the response header `x-gateway-worker`. */
  readonly workerId: string;
  /** Called once for each answer, when its head goes out. */
  readonly onServed: (context: RequestContext, status: number) => void;
}

export interface GatewayState extends Served {
  readonly router: Router;
  readonly blocks: Blocks;
  readonly pools: Pools;
  readonly upstreams: UpstreamStates;
}
