/**
 * A storm process as the body of a fault: started ahead of time, since its start must not be measured, released when the
 * fault is due, and ended by its heal. One for each step, so that a timeline may hold several of a kind.
 */
import { randomUUID } from 'node:crypto';
import { HarnessError } from '../../model/errors.ts';
import type { FaultContext } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { untilProven } from '../until.ts';
import { type StormSpec, calm, stormGraceMs, stormReady, stormWorkload } from './spec.ts';

/** A process that takes longer to start will not. Milliseconds. */
const startsWithinMs = 10_000;

/** Why watchers, which are made of bare frames, cannot be opened; undefined when they can. */
export function watchersCannotLogIn({ root }: World): string | undefined {
  return root === undefined ? undefined : 'its watchers have no password, and etcd asks for one';
}

export class Storm {
  readonly #name: string;

  /** `name`: of the process and its files, with the number of the step. */
  constructor(name: string) {
    this.#name = name;
  }

  /** The storm waits for its release when it resolves. */
  async prepare(world: World, context: FaultContext, spec: Partial<StormSpec>): Promise<void> {
    const lifetimeMs = context.holdMs + stormGraceMs;
    const etcd = world.members.map(({ client }) => client.origin);
    const root = world.root === undefined ? {} : { root: world.root };
    const whole = { id: randomUUID(), etcd, ...root, ...calm, lifetimeMs, ...spec };
    const instance = await world.launch(stormWorkload(this.#of(context), world.folder, whole), context.signal);
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(startsWithinMs)]);
    const look = async (): Promise<string | undefined> =>
      instance.logTail(5).includes(stormReady(whole)) ? 'ready' : undefined;
    await untilProven(look, () => `${instance.name} did not start:\n${instance.logTail(5)}`, signal);
  }

  release(world: World, context: FaultContext): void {
    world.signal(this.#of(context), 'SIGUSR2');
  }

  end(world: World, context: FaultContext): Promise<void> {
    return world.stop(this.#of(context));
  }

  verifyEnded(world: World, context: FaultContext): string {
    const name = this.#of(context);
    if (world.running(name)) throw new HarnessError('HEAL_FAILED', `${name} still runs after its heal`);
    return `the process of ${name} is gone`;
  }

  #of({ step }: FaultContext): string {
    return `${this.#name}-${step + 1}`;
  }
}
