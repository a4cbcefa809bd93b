/** The network between the parts of a trial as the harness holds it. */
import type { Hop, NetworkFault } from '../../scenarios/network-faults.ts';

/** Toxiproxy on those hops that the timeline hurts. */
export interface Network {
  /** Why this hop cannot be hurt; undefined when it can. */
  whyNot(hop: Hop): string | undefined;
  /** Where the near side of the hop connects. */
  near(hop: Hop): URL;
  /** It holds until it is healed, or until the harness is gone. `step` names it. */
  inject(fault: NetworkFault, step: number): Promise<void>;
  /** Idempotent. */
  heal(fault: NetworkFault, step: number): Promise<void>;
  /** What stands on the fault's hop because of that step, in toxiproxy's own words. */
  standing(fault: NetworkFault, step: number): Promise<readonly string[]>;
}
