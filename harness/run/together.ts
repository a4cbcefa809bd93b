/** Concurrent activities as one: our errgroup. Never hold started promises in a bare array (an early failure of one
 * while another is awaited is an unhandled rejection and ends the process). */

/** Must use its own `signal`, not an outer one: only its own tells it that a sibling has failed. */
export type Activity = (signal: AbortSignal) => Promise<void>;

/**
 * Runs all activities; the first failure aborts the others; all have ended when it returns.
 * Rejects with the first failure, or with `stop`'s reason.
 */
export async function together(stop: AbortSignal, activities: readonly Activity[]): Promise<void> {
  const inner = new AbortController();
  const signal = AbortSignal.any([stop, inner.signal]);
  let failure: { readonly error: unknown } | undefined;
  const guarded = activities.map(async (activity) => {
    try {
      await activity(signal);
    } catch (error) {
      failure ??= { error };
      inner.abort(error);
    }
  });
  await Promise.all(guarded);
  if (failure !== undefined) throw failure.error;
  stop.throwIfAborted();
}
