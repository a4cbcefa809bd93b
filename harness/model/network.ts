/** The network between the parts of a trial as the harness holds it. */
import type { Hop, NetworkFault } from '../../scenarios/network-faults.ts';

/** Rules of the kernel in a network that is the trial's own. */
export interface Firewall {
  /** TCP to these ports is refused, and what is open there reset with its next bytes. `mark`: one word, to find its rules by. */
  refuse(ports: readonly number[], mark: string): Promise<void>;
  /** Takes the rules with that mark away; idempotent. */
  open(mark: string, signal?: AbortSignal): Promise<void>;
  /** The rules with that mark, in words. */
  standing(mark: string, signal?: AbortSignal): Promise<readonly string[]>;
}

/** What can hurt those hops that the timeline hurts. */
export interface Network {
  /** What hurts them: toxiproxy, or the firewall. */
  readonly by: string;
  /** Why this hop cannot be hurt; undefined when it can. */
  whyNot(hop: Hop): string | undefined;
  /** Where the near side of the hop connects; of several the first. */
  near(hop: Hop): URL;
  /** It holds until it is healed, or until the harness is gone. `step` names it. */
  inject(fault: NetworkFault, step: number): Promise<void>;
  /** Idempotent. Whom it is asked of has a time limit of its own, or this one's. */
  heal(fault: NetworkFault, step: number, signal?: AbortSignal): Promise<void>;
  /** What stands on the fault's hop because of that step, in the words of what hurts it. */
  standing(fault: NetworkFault, step: number, signal?: AbortSignal): Promise<readonly string[]>;
}

/** Stands before the gateways of a trial that upgrades them, as a load balancer does. */
export interface Front {
  /** New connections go there; to the gateway that the trial began with when it is not said. Those that are open stay. */
  lead(to?: URL): Promise<void>;
}
