/** Limits to which the kernel holds processes of a trial; there is one of each for each trial. */

/** On the cores that processes take together. */
export interface CpuLimit {
  /** Why this host cannot; undefined when it can. */
  whyNot(): string | undefined;
  /** Holds for these processes and all that they start. */
  set(cores: number, pids: readonly number[]): Promise<void>;
  /** How often the kernel has held them back; undefined when there is no limit. */
  throttled(): number | undefined;
  /** Idempotent; rejects with HEAL_FAILED. */
  lift(): Promise<void>;
}

/** On the memory that workloads hold together whose memory is `counted`. */
export interface MemoryLimit {
  /** Why it cannot be had here; undefined when it can. */
  whyNot(): string | undefined;
  /** These processes, and all that they start, may hold so many bytes more than they do now. */
  set(moreBytes: number, pids: readonly number[]): Promise<void>;
  /** Undefined when there is no limit. */
  state(): MemoryPressure | undefined;
  /** Idempotent; rejects with HEAL_FAILED. */
  lift(): Promise<void>;
}

/** On the files, connections among them, that each of some processes may have open. */
export interface FileLimit {
  /** Why it cannot be had here; undefined when it can. */
  whyNot(): string | undefined;
  /** Each of them may have no more open than it has now. */
  set(pids: readonly number[]): Promise<void>;
  /** Those that can open no more; undefined when there is no limit. */
  full(): readonly number[] | undefined;
  /** `pids`: who may open what it might before, or, when it was started meanwhile, what the others might. Idempotent. */
  lift(pids: readonly number[]): Promise<void>;
}

export interface MemoryPressure {
  readonly limitBytes: number;
  /** How often they came up against it, so that the kernel had to win memory back. */
  readonly reached: number;
  /** Processes that the kernel has ended because there was nothing left to win. */
  readonly killed: number;
}
