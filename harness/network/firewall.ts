/**
 * Hops that are cut by a firewall, for trials that have a network of their own and no toxiproxy: connections are refused, and
 * those that are open are reset with the next bytes on them. Nothing stands on the hop.
 */
import type { Hop } from '../../scenarios/network-faults.ts';
import { HarnessError } from '../model/errors.ts';
import type { Firewall } from '../model/network.ts';
import type { StandingNetwork } from './client.ts';

/** `why`: there is no toxiproxy, which could do more. */
export function firewallNetwork(firewall: Firewall, hops: ReadonlySet<Hop>, why: string): StandingNetwork {
  const addresses = new Map<Hop, readonly [URL, ...URL[]]>();
  const of = (hop: Hop): readonly [URL, ...URL[]] => {
    const found = addresses.get(hop);
    if (found === undefined) throw new HarnessError('TOXIPROXY_NOT_FOUND', `the timeline does not hurt ${hop}`);
    return found;
  };
  return {
    by: 'the firewall',
    async through(hop, far) {
      if (hops.has(hop)) addresses.set(hop, [...(addresses.get(hop) ?? []), far] as [URL, ...URL[]]);
      return far;
    },
    whyNot: (hop) => (addresses.has(hop) ? undefined : `the timeline does not hurt ${hop}`),
    near: (hop) => of(hop)[0],
    async inject({ kind, hop }, step) {
      if (kind !== 'network.down') throw new HarnessError('TOXIPROXY_NOT_FOUND', why);
      const ports = of(hop).map(({ port }) => Number(port));
      await firewall.refuse(ports, markOf(step));
    },
    heal: (_fault, step, signal) => firewall.open(markOf(step), signal),
    standing: (_fault, step, signal) => firewall.standing(markOf(step), signal),
    healedItself: Promise.withResolvers<never>().promise,
    [Symbol.dispose]: () => undefined,
  };
}

/** With an end of its own: step 1 is no part of step 10. */
function markOf(step: number): string {
  return `gatecrash-step-${step + 1}-only`;
}
