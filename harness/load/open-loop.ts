/** The open-loop load engine: a worker thread that sends on time whatever becomes of the answers. */
import { Worker } from 'node:worker_threads';
import { HarnessError } from '../model/errors.ts';
import { entryBeside } from '../model/entry.ts';
import type { PhaseLatency } from '../model/evidence.ts';
import type { Recorder } from '../model/history.ts';
import type { LoadEngine, LoadRun } from './engine.ts';
import { hear, recordCost } from './hear.ts';
import type { FromWorker, LoadOptions, Tally, ToWorker } from './load-messages.ts';

export const builtIn: LoadEngine = {
  start: (options, _host, recorder, onTally) => startLoad(options, recorder, onTally),
};

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
      case 'finished':
        recordCost(message.cpuSeconds, message.requests, recorder);
        finished.resolve(message.latency);
        break;
      case 'tally':
      case 'second':
      case 'wrong':
        hear(message, recorder, onTally);
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
