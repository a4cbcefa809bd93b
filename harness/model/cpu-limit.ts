/** A limit on the cores that processes of a trial take together; there is one for each trial. */
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
