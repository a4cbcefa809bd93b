/** `gateway.reload`: the gateway replaces its workers by new ones, as it does when its settings were changed. */
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import type { Before, FaultContext, Injector } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { untilProven } from '../until.ts';
import { nameOf, runs } from './processes.ts';

type Reload = Extract<GatewayFault, { kind: 'gateway.reload' }>;

/** Of the hold. One that has not ended by then is told of as it is: how long it takes is the gateway's own business. */
const watchedShare = 0.5;

export const gatewayReload: Injector<Reload> = {
  about: {
    hop: 'gateway',
    does: 'the gateway is told to replace its workers by new ones',
    proof: 'the host knows new processes, and says how many of the old ones are left',
  },
  asks: () => ['reload'],
  unsupported: (_fault, { gateway, driver }) =>
    gateway.reloadSignal === undefined ? `${driver.name} cannot be told to reload` : undefined,
  prepare: async () => undefined,
  inject: async (_fault, world) => askForReload(world),
  verify: (_fault, world, before, context) => untilReplaced(world, before, context),

  /** It ends by itself. */
  heal: async () => undefined,
  verifyHealed: async (_fault, world) => runs(world),
};

/** What `untilReplaced` has to know of before. */
export function askForReload(world: World): Before {
  const { children } = world.processes(nameOf(world));
  const { reloadSignal } = world.gateway;
  if (reloadSignal !== undefined) world.signal(nameOf(world), reloadSignal);
  return { ...Object.fromEntries(children.map((pid, index) => [`child-${index}`, pid])), atMs: performance.now() };
}

/** Resolves with how far it has come: to its end, or as far as in the share of the hold that it is watched. */
export function untilReplaced(
  world: World,
  { atMs = 0, ...children }: Before,
  { holdMs, signal }: FaultContext,
): Promise<string> {
  const old = Object.values(children);
  let left = old;
  let fresh: readonly number[] = [];
  const beside = (): string => `${left.length} of ${old.length} old processes live beside ${fresh.length} new ones`;
  const look = async (): Promise<string | undefined> => {
    const now = world.processes(nameOf(world)).children;
    left = old.filter((pid) => now.includes(pid));
    fresh = now.filter((pid) => !old.includes(pid));
    const afterMs = performance.now() - atMs;
    if (left.length === 0 && fresh.length >= old.length)
      return `processes ${old.join(', ')} were replaced by ${fresh.join(', ')} within ${afterMs.toFixed(0)} ms`;
    return fresh.length > 0 && afterMs > watchedShare * holdMs
      ? `${beside()} after ${afterMs.toFixed(0)} ms`
      : undefined;
  };
  return untilProven(look, beside, signal);
}
