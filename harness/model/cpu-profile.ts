/** A CPU profile in V8's own form (`.cpuprofile`), which Chrome's developer tools and speedscope open. */
import type { Arm } from './plan.ts';

/** A function where it was called from: the same one has a node for every stack that leads to it. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    /** Of the file or module; empty for what V8 does itself, such as `(garbage collector)`. */
    readonly url: string;
    /** From 0; −1 when there is none. */
    readonly lineNumber: number;
  };
  readonly children?: readonly number[];
}

export interface CpuProfile {
  /** The first is the root. */
  readonly nodes: readonly ProfileNode[];
  /** Of a clock of its own. Microseconds. */
  readonly startTime: number;
  readonly endTime: number;
  /** The node that was running at each look, and the time since the look before. Microseconds. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** One that was taken while the fault of a scenario held. */
export interface TakenProfile {
  readonly scenario: string;
  readonly arm: Arm;
  readonly worker: string;
  /** Inside the run folder. */
  readonly file: string;
  readonly profile: CpuProfile;
}
