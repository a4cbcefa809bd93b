/** An orderly stop on SIGINT and SIGTERM. */

export interface Stop extends Disposable {
  readonly signal: AbortSignal;
}

/** npx and npm deliver a SIGINT twice; only one that comes later than this was typed again. Milliseconds. */
const echoMs = 500;

/**
 * The first signal starts an orderly stop. A repeated one only says that healing goes on: leaving now would leave
 * what was broken broken. SIGKILL stays for those who must, and `gatecrash clean` for afterwards.
 */
export function stopOnSignals(note: (text: string) => void): Stop {
  const controller = new AbortController();
  let first: number | undefined;
  const stop = (name: NodeJS.Signals): void => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      note(`${name}: stopping; healing and ending what was started`);
      controller.abort(new Error(`stopped by ${name}`));
    } else if (now - first > echoMs) {
      note('still healing; nothing is left behind if you wait (kill -9, then gatecrash clean, if you cannot)');
    }
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
