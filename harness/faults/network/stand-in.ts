/** Faults of the parts of a trial that do to a hop what toxiproxy would do to it, for hosts that have none. */
import type { NetworkFault } from '../../../scenarios/network-faults.ts';
import type { Fault } from '../../../scenarios/scenario.ts';

/** Undefined where no part does just the same. */
export function standInFor(fault: NetworkFault): Fault | undefined {
  const { hop } = fault;
  // Both parts are exactly as late as they are told.
  const steadyDelay = fault.kind === 'network.latency' && fault.jitter === undefined ? fault.by : undefined;
  if (hop === 'gateway->etcd') return steadyDelay === undefined ? undefined : { kind: 'link.delay', by: steadyDelay };
  if (hop !== 'gateway->upstream') return undefined;
  if (steadyDelay !== undefined) return { kind: 'upstream.slow', by: steadyDelay };
  if (fault.kind === 'network.down') return { kind: 'upstream.refuse' };
  return fault.kind === 'network.reset' && fault.after === undefined ? { kind: 'upstream.reset' } : undefined;
}
