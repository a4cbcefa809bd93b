/** Starts a storm process ahead of time and releases it when the fault is due: its start must not be measured. */
import type { Workload, World } from '../../model/ports.ts';
import { untilProven } from '../until.ts';
import { stormReady } from './spec.ts';

/** A process that takes longer to start will not. Milliseconds. */
const startsWithinMs = 10_000;

/** The storm waits for its release when it resolves. */
export async function prepareStorm(workload: Workload, world: World, stop: AbortSignal): Promise<void> {
  const instance = await world.launch(workload, stop);
  const signal = AbortSignal.any([stop, AbortSignal.timeout(startsWithinMs)]);
  const look = async (): Promise<string | undefined> =>
    instance.logTail(5).includes(stormReady(instance.pid)) ? 'ready' : undefined;
  await untilProven(look, () => `${workload.name} did not start:\n${instance.logTail(5)}`, signal);
}

export function releaseStorm(name: string, world: World): void {
  world.signal(name, 'SIGUSR2');
}
