/** The gateways of a trial: the one under load, and those that stand beside it, where a scenario has such. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Gateway, World } from '../model/ports.ts';

/** They run when it resolves, and may not be ready yet. */
export async function allGateways(
  { gateway: { beside = 0 } }: Scenario,
  world: World,
  signal: AbortSignal,
): Promise<readonly [Gateway, ...Gateway[]]> {
  const suffixes = Array.from({ length: beside }, (_, index) => `beside-${index + 1}`);
  // All of them: one that is still on its way when another has failed would outlive what ends with the trial.
  const launches = await Promise.allSettled(suffixes.map((suffix) => world.launchGateway(suffix, signal)));
  const launched = launches.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
  return [world.gateway, ...launched];
}
