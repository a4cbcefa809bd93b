/** How many ports a trial asks for once something of it runs: a pod has to publish them at its start, and each takes time. */
import type { Scenario } from '../../scenarios/scenario.ts';
import { plannedSteps } from '../../scenarios/timeline.ts';
import { hurtHops } from './network.ts';

/** APISIX takes five; a gateway by a command takes what its configuration names. */
const ofGateway = 6;
const ofWatchProxy = 2;
const ofFront = 2;

/** At most. Those of the first gateway are among them: etcd may run by the time that it asks. */
export function laterPorts(scenario: Scenario): number {
  const { gateway, etcd } = scenario;
  const joining = plannedSteps(scenario).map(({ step: { fault }, times }) => {
    if (fault.kind === 'gateway.scale-out') return times * fault.gateways;
    return fault.kind === 'gateway.upgrade' ? times : 0;
  });
  const gateways = joining.reduce((sum, each) => sum + each, 1 + (gateway.beside ?? 0));
  const upgrades = scenario.timeline.some(({ fault }) => fault.kind === 'gateway.upgrade');
  // A proxy for each hop, for each member on those between them, and for gateways that join where they are told apart.
  const proxies = hurtHops(scenario).size === 0 ? 0 : 4 + (etcd?.members ?? 1);
  return gateways * ofGateway + ofWatchProxy + (upgrades ? ofFront : 0) + proxies;
}
