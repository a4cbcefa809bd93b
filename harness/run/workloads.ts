/** What runs in one trial, by name: started, ended and started again. */
import type { Instance, Processes, Receiver, Runtime, Workload, World } from '../model/ports.ts';

type Controls = Pick<World, 'launch' | 'stop' | 'signal' | 'running' | 'restart' | 'died' | 'processes' | 'expectEnd'>;

const none: Processes = { leader: undefined, children: [], group: [], stopped: [] };

/** Disposing it ends everything that runs by then, also what was launched late. */
export class Workloads implements Controls, AsyncDisposable {
  readonly #runtime: Runtime;
  readonly #instances = new Map<string, Instance>();
  readonly #known = new Map<string, Workload>();
  /** Those whose end is no death of the trial. */
  readonly #mayEnd = new WeakSet<Instance>();
  readonly #dead = Promise.withResolvers<never>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.died.catch(() => undefined);
  }

  get died(): Promise<never> {
    return this.#dead.promise;
  }

  /** Those of its doings that are a world's. */
  get controls(): Controls {
    const { launch, stop, signal, running, restart, died, processes, expectEnd } = this;
    return { launch, stop, signal, running, restart, died, processes, expectEnd };
  }

  launch = async (workload: Workload, signal: AbortSignal): Promise<Instance> => {
    const instance = await this.#runtime.launch(workload, signal);
    this.#instances.set(workload.name, instance);
    this.#known.set(workload.name, workload);
    instance.died.catch((error: unknown) => {
      if (!this.#mayEnd.has(instance)) this.#dead.reject(error);
    });
    return instance;
  };

  stop = async (name: string): Promise<void> => {
    const instance = this.#instances.get(name);
    this.#instances.delete(name);
    await instance?.[Symbol.asyncDispose]();
  };

  restart = async (name: string, signal: AbortSignal): Promise<void> => {
    const workload = this.#known.get(name);
    if (workload !== undefined && !this.running(name)) await this.launch(workload, signal);
  };

  signal = (name: string, signal: NodeJS.Signals, to?: Receiver): void => this.#instances.get(name)?.signal(signal, to);

  processes = (name: string): Processes => this.#instances.get(name)?.processes() ?? none;

  expectEnd = (name: string): void => {
    const instance = this.#instances.get(name);
    if (instance !== undefined) this.#mayEnd.add(instance);
  };

  running = (name: string): boolean => this.#instances.has(name);

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#instances.keys()].map(this.stop));
  }
}
