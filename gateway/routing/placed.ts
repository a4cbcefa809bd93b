/** A route as it stands in the table, and what is kept with it. */
import type { Route, Upstream } from '../config/config-objects.ts';
import type { BoundPlugin } from '../plugins/plugin.ts';

/** A route with all that it inherits: route before plugin config before service. */
export interface Match {
  readonly route: Route;
  /** Undefined when there is none, or the one that is named does not exist (yet). */
  readonly upstream: Upstream | undefined;
  /** In the order in which they are called. */
  readonly plugins: readonly BoundPlugin[];
  readonly websocket: boolean;
  /** What the route names and is not there. */
  readonly missing: 'service' | 'plugin_config' | 'upstream' | undefined;
}

export interface Placed {
  readonly route: Route;
  /** Under which it stands in the table: its own, or its service's. */
  hosts: readonly string[];
  /** Made when it is first asked for, and again after a change of what it inherits from. */
  match: { readonly version: number; readonly value: Match } | undefined;
}
