/** A fault as a step plays it, with the test's own look at it while it holds. */
import { injectorOf } from '../../harness/faults/index.ts';
import type { FaultContext } from '../../harness/model/injector.ts';
import type { World } from '../../harness/model/ports.ts';
import type { Fault } from '../../scenarios/scenario.ts';

const holdMs = 20_000;
/** A trial gives it a quarter of that, and is thrown away when its host was too busy: a test is to see it healed. */
export const healWithinMs = 20_000;

export interface Played {
  readonly proof: string;
  readonly healed: string;
}

/** `whileItHolds` is told the proof; the fault is healed whatever comes of it. `prepared`: between preparing and injecting. */
export async function played(
  fault: Fault,
  world: World,
  whileItHolds: (proof: string) => Promise<void>,
  prepared: () => Promise<void> = async () => undefined,
): Promise<Played> {
  const injector = injectorOf(fault);
  const context = (ms: number): FaultContext => ({ seed: 1, step: 0, holdMs, signal: AbortSignal.timeout(ms) });
  const unsupported = injector.unsupported(fault, world);
  if (unsupported !== undefined) throw new Error(unsupported);
  await injector.prepare(fault, world, context(holdMs));
  await prepared();
  const heal = async (): Promise<string> => {
    const healing = context(healWithinMs);
    await injector.heal(fault, world, healing);
    return injector.verifyHealed(fault, world, healing);
  };
  let proof: string;
  try {
    const before = await injector.inject(fault, world, context(holdMs));
    proof = await injector.verify(fault, world, before, context(holdMs));
    await whileItHolds(proof);
  } catch (error) {
    await heal();
    throw error;
  }
  const healed = await heal();
  // Healing what is healed changes nothing.
  await heal();
  return { proof, healed };
}
