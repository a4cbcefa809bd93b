/** Puts toxiproxy on those hops of a trial that its timeline hurts, or a firewall before them; other trials keep their shape. */
import type { Hop } from '../../scenarios/network-faults.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Runtime, World } from '../model/ports.ts';
import { type StandingNetwork, connectNetwork, soundNetwork } from '../network/client.ts';
import { firewallNetwork } from '../network/firewall.ts';
import { networkWorkload } from '../network/workload.ts';
import { answers } from './answers.ts';
import { waitUntil } from './wait.ts';

const readyWithinMs = 10_000;

/** Path of toxiproxy, or why there is none. */
export type ToxiproxyFound = { readonly path: string } | { readonly why: string };

/** Hops that a timeline hurts. */
export function hurtHops({ timeline }: Pick<Scenario, 'timeline'>): ReadonlySet<Hop> {
  return new Set(timeline.flatMap(({ fault }) => ('hop' in fault ? [fault.hop] : [])));
}

export interface NetworkDeployment {
  readonly scenario: Scenario;
  readonly toxiproxy: ToxiproxyFound;
  readonly runtime: Pick<Runtime, 'firewall'>;
  readonly launch: World['launch'];
  readonly address: () => Promise<URL>;
}

/** Toxiproxy answers when it resolves, where there is one. */
export async function startNetwork(
  { scenario, toxiproxy, runtime: { firewall }, launch, address }: NetworkDeployment,
  signal: AbortSignal,
): Promise<StandingNetwork> {
  const hops = hurtHops(scenario);
  if (hops.size === 0) return soundNetwork('the timeline hurts no hop of the network');
  if ('why' in toxiproxy)
    return firewall === undefined ? soundNetwork(toxiproxy.why) : firewallNetwork(firewall, hops, toxiproxy.why);
  const [api, control] = [await address(), await address()];
  await launch(networkWorkload({ toxiproxy: toxiproxy.path, api, control }), signal);
  const wait = { what: 'toxiproxy did not answer', code: 'TOXIPROXY_NOT_READY', withinMs: readyWithinMs } as const;
  await waitUntil(wait, (signal) => answers(new URL('/version', api), signal), signal);
  return connectNetwork({ api, control, address }, hops);
}
