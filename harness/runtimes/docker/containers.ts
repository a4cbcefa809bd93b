/** The containers of one trial: those that run, and those that have ended by themselves, which the engine still has. */
import { unseen } from '../../model/ports.ts';
import type { Limited } from './group-file.ts';
import type { ContainerInstance } from './instance.ts';

export class Containers implements AsyncDisposable {
  readonly #running = new Set<ContainerInstance>();
  readonly #there = new Set<ContainerInstance>();

  /** What an instance tells of itself. */
  readonly ends = {
    ended: (instance: ContainerInstance): void => void this.#running.delete(instance),
    removed: (instance: ContainerInstance): void => void this.#there.delete(instance),
  };

  add(instance: ContainerInstance): void {
    this.#running.add(instance);
    this.#there.add(instance);
  }

  running = (): readonly Limited[] => [...this.#running].map(({ id, pid }) => ({ container: id, pid }));

  /** Whether this host sees none of the processes of one that runs. */
  someUnseen = (): boolean => [...this.#running].some(({ pid }) => pid === unseen);

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#there].map((instance) => instance[Symbol.asyncDispose]()));
  }
}
