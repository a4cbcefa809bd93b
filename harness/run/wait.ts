/** Waiting for an observed condition with a deadline. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, HarnessError } from '../model/errors.ts';

export interface Wait {
  readonly what: string;
  readonly code: ErrorCode;
  readonly withinMs: number;
  /** Whose doing it is when it does not come, where that is known. */
  readonly workload?: string;
  readonly everyMs?: number;
}

/** Resolves when `condition` holds; rejects with the wait's code after `withinMs`, or with the signal's reason. */
export async function waitUntil(
  wait: Wait,
  condition: (signal: AbortSignal) => Promise<boolean>,
  stop: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(wait.withinMs);
  const signal = AbortSignal.any([stop, deadline]);
  try {
    while (!(await condition(signal))) await sleep(wait.everyMs ?? 20, undefined, { signal });
  } catch (cause) {
    stop.throwIfAborted();
    if (!deadline.aborted) throw cause;
    throw new HarnessError(wait.code, `${wait.what} within ${wait.withinMs} ms`, { workload: wait.workload, cause });
  }
}

/** Resolves when `event` aborts; rejects with `stop`'s reason when that has aborted by then. `event` aborts with `stop`. */
export async function happened(event: AbortSignal, stop: AbortSignal): Promise<void> {
  if (!event.aborted) await new Promise((resolve) => event.addEventListener('abort', resolve, { once: true }));
  stop.throwIfAborted();
}
