/** What a step of the harness's own holds, from its injection to its heal: by the world that it is done to, and the step. */
import type { World } from '../model/ports.ts';

export class HeldByStep<T> {
  readonly #held = new WeakMap<World, Map<number, T>>();

  get(world: World, step: number): T | undefined {
    return this.#held.get(world)?.get(step);
  }

  set(world: World, step: number, value: T): T {
    const steps = this.#held.get(world) ?? new Map<number, T>();
    this.#held.set(world, steps.set(step, value));
    return value;
  }

  /** It holds it no more. */
  take(world: World, step: number): T | undefined {
    const held = this.get(world, step);
    this.#held.get(world)?.delete(step);
    return held;
  }
}
