/** Injectors for all faults of the network: they differ in what toxiproxy does, not in how it is asked and proven. */
import { milliseconds } from '../../../scenarios/duration.ts';
import type { NetworkFault } from '../../../scenarios/network-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Host } from '../../model/host.ts';
import type { Injector } from '../../model/injector.ts';
import { type Seen, outcome, request, seenIn } from '../raw-request.ts';
import { untilProven } from '../until.ts';
import { standInFor } from './stand-in.ts';
import { type NetworkFaultEntry, networkFaults } from './table.ts';

type NetworkInjectors = { readonly [K in NetworkFault['kind']]: Injector<Extract<NetworkFault, { kind: K }>> };

/** Beyond the planned delay, until a late answer is no answer. Milliseconds. */
const patienceMs = 5_000;
/** Asked over each hop. Whoever is there answers at once, if only that there is no such thing. */
const path = '/version';

function networkInjector<F extends NetworkFault>(entry: NetworkFaultEntry<F>): Injector<F> {
  const firewallDoes = ({ toxiproxy, firewall }: Host['missing']): boolean =>
    entry.byFirewall === true && toxiproxy !== undefined && firewall === undefined;
  return {
    about: {
      hop: 'client->gateway, gateway->upstream, gateway->etcd or etcd->etcd',
      does: entry.does,
      proof: `toxiproxy has it on the hop, and a request of our own over it ${entry.sees}`,
      needs: 'toxiproxy, or Go to build it; without, what another fault does just as well is played by that',
    },
    lacks: ({ missing }) => (firewallDoes(missing) ? undefined : missing.toxiproxy),
    otherwise: ({ missing }) => (firewallDoes(missing) ? `${missing.toxiproxy}; by the pod's firewall` : undefined),
    standIn: standInFor,
    unsupported: ({ hop }, { network }) => network.whyNot(hop),
    prepare: async () => undefined,

    async inject(fault, world, { step }) {
      await world.network.inject(fault, step);
      return {};
    },

    verify(fault, world, _before, { step, signal }) {
      let last: Seen | undefined;
      const look = async (): Promise<string | undefined> => {
        const asked = { path, patienceMs: plannedMs(fault) + patienceMs, ...entry.request?.(fault) };
        last = seenIn(world, await request(world.network.near(fault.hop), asked));
        const standing = await world.network.standing(fault, step, signal);
        if (standing.length === 0 || !entry.proves(last, fault)) return undefined;
        return `${world.network.by} has ${standing.join(' and ')} on ${fault.hop}; an own request was ${(entry.words ?? outcome)(last)}`;
      };
      const otherwise = (): string =>
        `${fault.kind} on ${fault.hop}: ${last === undefined ? 'no own request ended' : `an own request was ${outcome(last)}`}`;
      return untilProven(look, otherwise, signal);
    },

    heal: (fault, world, { step, signal }) => world.network.heal(fault, step, signal),

    async verifyHealed(fault, world, { step, signal }) {
      const left = await world.network.standing(fault, step, signal);
      if (left.length > 0) throw new HarnessError('HEAL_FAILED', `${world.network.by} still has ${left.join(' and ')}`);
      return `${world.network.by} has nothing of it on ${fault.hop}`;
    },
  };
}

/** How much later than usual something may come. */
function plannedMs(fault: NetworkFault): number {
  if ('by' in fault) return milliseconds(fault.by);
  return 'after' in fault ? milliseconds(fault.after ?? '0ms') : 0;
}

export const networkInjectors = Object.fromEntries(
  Object.entries(networkFaults).map(([kind, entry]) => [
    kind,
    networkInjector<NetworkFault>(entry as NetworkFaultEntry<NetworkFault>),
  ]),
) as unknown as NetworkInjectors;
