/** The workers of several gateways as one set: what is written has to be served by each of them. */
import type { Gateway } from '../model/ports.ts';
import { type PinnedWorker, type Workers, connectWorkers } from './workers.ts';

/** `gateways`: the one under load first. The workers of the others are named after their gateway, too. */
export async function connectAllWorkers(
  [first, ...beside]: readonly [Gateway, ...Gateway[]],
  signal: AbortSignal,
): Promise<Workers> {
  await using undo = new AsyncDisposableStack();
  const own = undo.use(await connectWorkers(first, signal));
  const others: { readonly name: string; readonly workers: Workers }[] = [];
  for (const gateway of beside)
    others.push({ name: gateway.instance.name, workers: undo.use(await connectWorkers(gateway, signal)) });
  const owned = undo.move();
  // The same worker is the same object each time: whoever reads them remembers which he has read.
  const known = new WeakMap<PinnedWorker, PinnedWorker>();
  const besides = (gateway: string, worker: PinnedWorker): PinnedWorker => {
    const found = known.get(worker) ?? named(`${gateway}: ${worker.name}`, worker);
    known.set(worker, found);
    return found;
  };
  return {
    get all() {
      return [...own.all, ...others.flatMap(({ name, workers }) => workers.all.map((each) => besides(name, each)))];
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function named(name: string, worker: PinnedWorker): PinnedWorker {
  return { name, beside: true, read: (path, signal, host) => worker.read(path, signal, host) };
}
