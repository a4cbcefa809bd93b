/** Where one trial leaves its evidence, growing on disk as it goes. */
import type { CpuProfile } from './cpu-profile.ts';
import type { PhaseLatency, TrialEvidence } from './evidence.ts';
import type { Recorder } from './history.ts';

export interface TrialLog extends Disposable {
  /** Absolute path of the trial's folder. */
  readonly folder: string;
  readonly recorder: Recorder;
  saveLatency(latency: readonly PhaseLatency[]): void;
  saveProfile(worker: string, profile: CpuProfile): void;
  /** The last word on the trial. */
  end(state: TrialEvidence['state'], reason?: string): void;
}
