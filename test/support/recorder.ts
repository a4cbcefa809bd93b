/** A recorder that keeps what is recorded in memory. */
import type { Observation, Recorder } from '../../harness/model/history.ts';

export interface MemoryRecorder extends Recorder {
  readonly history: readonly Observation[];
}

export function memoryRecorder(): MemoryRecorder {
  const started = performance.now();
  const history: Observation[] = [];
  const now = (): number => performance.now() - started;
  return { history, now, record: (observation) => void history.push({ atMs: now(), ...observation }) };
}
