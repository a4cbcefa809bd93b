/** What every load engine tells while it runs, into the history. */
import type { Recorder } from '../model/history.ts';
import { samples } from '../model/samples.ts';
import type { Measured, Tally } from './load-messages.ts';

export function hear(message: Measured, recorder: Recorder, onTally: (tally: Tally) => void): void {
  switch (message.kind) {
    case 'tally':
      onTally(message.tally);
      break;
    case 'second':
      recorder.record({ kind: 'load', ...message.second });
      break;
    case 'wrong': {
      const { route, status, expected } = message;
      recorder.record({ kind: 'wrong-answer', route, status, expected });
      break;
    }
  }
}

/** What the engine itself took: it shares the cores with the gateway that it measures. */
export function recordCost(cpuSeconds: number, requests: number, recorder: Recorder): void {
  if (requests === 0) return;
  recorder.record({ kind: 'sample', metric: samples.loadCpu, value: Math.round((cpuSeconds * 1e7) / requests) / 10 });
}
