/** The open-loop load engine: a worker thread that sends on time whatever becomes of the answers. */
import { Worker } from 'node:worker_threads';
import { HarnessError } from '../model/errors.ts';
import { entryBeside } from '../model/entry.ts';
import type { PhaseLatency } from '../model/evidence.ts';
import type { Phase, Recorder } from '../model/history.ts';
import type { FromWorker, LoadOptions, Tally, ToWorker } from './load-messages.ts';

export interface LoadRun extends AsyncDisposable {
  /** Requests whose intended send is from now on count to this phase. The first phase begins the sending. */
  enter(phase: Phase): void;
  /** Stops sending, waits for answers that are under way (bounded), and tells what was measured. */
  finish(): Promise<readonly PhaseLatency[]>;
}

/** Ready to send when it resolves. `onTally` hears many times a second how the requests fare. */
export async function startLoad(
  options: LoadOptions,
  recorder: Recorder,
  onTally: (tally: Tally) => void = () => undefined,
): Promise<LoadRun> {
  const worker = new Worker(entryBeside(import.meta.url, 'open-loop-worker'), { workerData: options });
  const ready = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<readonly PhaseLatency[]>();
  const died = new Promise<never>((_, reject) => {
    worker.once('error', (cause) => reject(new HarnessError('LOAD_ENGINE', 'the load engine failed', { cause })));
    worker.once('exit', () => reject(new HarnessError('LOAD_ENGINE', 'the load engine ended before it was told to')));
  });
  died.catch(() => undefined);
  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        ready.resolve();
        break;
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
      case 'finished':
        finished.resolve(message.latency);
        break;
    }
  });
  await Promise.race([ready.promise, died]);
  const tell = (message: ToWorker): void => worker.postMessage(message);
  return {
    enter: (phase) => tell({ kind: 'enter', phase }),
    finish: () => {
      tell({ kind: 'finish' });
      return Promise.race([finished.promise, died]);
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
