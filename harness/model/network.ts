/** The network between the parts of a trial as the harness holds it. */
import type { Hop, NetworkFault } from '../../scenarios/network-faults.ts';

/** Toxiproxy on those hops that the timeline hurts. */
export interface Network {
  /** Why this hop cannot be hurt; undefined when it can. */
  whyNot(hop: Hop): string | undefined;
  /** Where the near side of the hop connects; of several the first. */
  near(hop: Hop): URL;
  /** It holds until it is healed, or until the harness is gone. `step` names it. */
  inject(fault: NetworkFault, step: number): Promise<void>;
  /** Idempotent. */
  heal(fault: NetworkFault, step: number): Promise<void>;
  /** What stands on the fault's hop because of that step, in toxiproxy's own words. */
  standing(fault: NetworkFault, step: number): Promise<readonly string[]>;
}

/** Stands before the gateways of a trial that upgrades them, as a load balancer does. */
export interface Front {
  /** New connections go there; to the gateway that the trial began with when it is not said. Those that are open stay. */
  lead(to?: URL): Promise<void>;
}
