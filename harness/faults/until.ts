/** Waiting for the proof of a fault: a condition with a deadline, never a fixed sleep. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../model/errors.ts';

/**
 * Looks every `everyMs` until `look` gives a sentence; rejects with FAULT_NOT_CONFIRMED and `otherwise()` when the
 * signal aborts first.
 */
export async function untilProven(
  look: () => Promise<string | undefined>,
  otherwise: () => string,
  signal: AbortSignal,
  everyMs = 50,
): Promise<string> {
  try {
    for (;;) {
      signal.throwIfAborted();
      const proof = await look();
      if (proof !== undefined) return proof;
      await sleep(everyMs, undefined, { signal });
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new HarnessError('FAULT_NOT_CONFIRMED', otherwise(), { cause });
  }
}
