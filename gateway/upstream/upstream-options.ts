/** What the upstreams of a worker are given from outside. */
import type { LookupFunction } from 'node:net';

export interface HealthChange {
  /** Key of the holder, such as `upstreams/5`. */
  readonly upstream: string;
  /** `host:port`. */
  readonly node: string;
  /** `gone`: no longer in the configuration, or no longer checked. */
  readonly now: 'healthy' | 'unhealthy' | 'gone';
}

export interface UpstreamOptions {
  /** Where this gateway stands; undefined: no node is preferred. */
  readonly room: string | undefined;
  /** Milliseconds, never going back. */
  readonly clock: () => number;
  /** How active checks find the address of a name; undefined: as the system does. */
  readonly lookup: LookupFunction | undefined;
  /** Called when a node changes, and when one that was told of is gone. */
  readonly onHealthChange: (change: HealthChange) => void;
}

export const plainOptions: UpstreamOptions = {
  room: undefined,
  clock: () => performance.now(),
  lookup: undefined,
  onHealthChange: () => undefined,
};
