/** Ends a trial early when far more requests go wrong than any gateway may lose, where its scenario wants that. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Tally } from '../load/load-messages.ts';

export interface HarmWatch {
  /** Aborts when harm was found. */
  readonly signal: AbortSignal;
  /** The counts with which it was found. */
  readonly found: Tally | undefined;
  readonly look: (tally: Tally) => void;
}

export function watchHarm(
  { expectations }: Scenario,
  { isGrossHarm }: { readonly isGrossHarm: (tally: Tally) => boolean },
): HarmWatch {
  const wanted = expectations.some((one) => one.kind === 'invariant' && one.oracle === 'no-gross-harm');
  const harm = new AbortController();
  let found: Tally | undefined;
  return {
    signal: harm.signal,
    get found() {
      return found;
    },
    look(tally) {
      if (!wanted || found !== undefined || !isGrossHarm(tally)) return;
      found = tally;
      harm.abort(new Error(`${tally.bad} of ${tally.bad + tally.good} requests went wrong`));
    },
  };
}
