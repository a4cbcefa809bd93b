/** The gateway's processes as a fault finds them: from outside, by what the host says of them. */
import type { GatewayTarget } from '../../../scenarios/gateway-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { FaultContext } from '../../model/injector.ts';
import type { Receiver, World } from '../../model/ports.ts';

/** Of the workload that is under load. */
export function nameOf({ gateway }: World): string {
  return gateway.instance.name;
}

export interface Aim {
  readonly to: Receiver;
  /** The process that it is about; of a whole gateway, the one that was started. */
  readonly pid: number;
}

/** Whom the target means now. Throws when there is none. */
export function aimAt(target: GatewayTarget, world: World, { seed, step }: FaultContext): Aim {
  const { leader, children } = world.processes(nameOf(world));
  if (leader === undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', 'the gateway does not run');
  switch (target) {
    case 'worker': {
      const pid = children[(seed + step) % children.length];
      if (pid === undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', 'the gateway has no worker process');
      return { to: pid, pid };
    }
    case 'master':
      return { to: 'leader', pid: leader };
    case 'gateway':
      return { to: 'group', pid: leader };
  }
}

/** Starts the gateway again when it does not run; what is left of it is ended first. */
export async function startAgain(world: World, signal: AbortSignal): Promise<void> {
  const name = nameOf(world);
  if (world.processes(name).leader !== undefined) return;
  await world.stop(name);
  await world.restart(name, signal);
}

/** The proof that it runs; throws HEAL_FAILED. */
export function runs(world: World): string {
  const { leader, children } = world.processes(nameOf(world));
  if (leader === undefined) throw new HarnessError('HEAL_FAILED', 'the gateway does not run after the heal');
  return `the gateway runs as process ${leader}, which has started ${children.length} others`;
}
