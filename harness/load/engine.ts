/** What sends the client load of a trial: the engine that is built in (`open-loop.ts`), or k6 (`k6.ts`). */
import type { PhaseLatency } from '../model/evidence.ts';
import type { Phase, Recorder } from '../model/history.ts';
import type { World } from '../model/ports.ts';
import type { LoadOptions, Tally } from './load-messages.ts';

export interface LoadEngine {
  /** Ready to send when it resolves. `onTally` hears several times a second how the requests fare. */
  start(options: LoadOptions, host: LoadHost, recorder: Recorder, onTally: (tally: Tally) => void): Promise<LoadRun>;
}

/** Where an engine runs. */
export interface LoadHost extends Pick<World, 'launch' | 'stop' | 'folder'> {
  /** Path of the program; undefined when the plan needs none. */
  readonly k6: string | undefined;
  readonly signal: AbortSignal;
}

export interface LoadRun extends AsyncDisposable {
  /** Requests whose intended send is from now on count to this phase. The first phase begins the sending. */
  enter(phase: Phase): void;
  /**
   * Stops sending, waits for answers that are under way (bounded), and tells what was measured. What a request took of the
   * engine's own processor time is recorded as a sample.
   */
  finish(): Promise<readonly PhaseLatency[]>;
}
