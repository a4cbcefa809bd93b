/** The echo upstream as the harness holds it. */
import type { UpstreamFault } from '../../scenarios/upstream-faults.ts';

export interface UpstreamCounters {
  readonly requests: number;
  readonly connections: number;
  /** The faults that hold now; `units` are the answers, or closings of its door, to which each did what it is there for. */
  readonly faults: readonly { readonly fault: UpstreamFault; readonly units: number }[];
}

/** The echo upstream behind the gateway. */
export interface EchoUpstream {
  /** Where it listens itself, past the network's proxies. */
  readonly address: URL;
  /** Of the DNS server that knows it by name; undefined when routes name its address. */
  readonly names: URL | undefined;
  /** It holds until it is healed, or until the harness is gone. The same fault twice is one. */
  inject(fault: UpstreamFault): Promise<void>;
  /** Ends this fault, or every one; idempotent. */
  heal(fault?: UpstreamFault): Promise<void>;
  counters(): Promise<UpstreamCounters>;
}
