/** When a trial may be ended early: far more requests go wrong than any gateway may lose, and that is certain. */
import { type Events, logEvidence } from './discordant.ts';

/** A gateway may lose this share of its requests under a fault without the trial being ended. */
export const tolerable = 0.01;
/** Chance that a phase of a gateway that loses no more than that ends its trial, at whatever moment. */
export const harmAlpha = 0.001;
/** Errors come in bursts, and the test takes each for itself: of fewer than these nothing is said. */
const leastBad = 20;

/**
 * Of the counts of one phase. At 5 % lost requests it is certain before 50 of them are lost; see the test. The same rule
 * ends every arm, so that the labels of a block stay exchangeable: a canary alone is as likely by chance as anyone.
 */
export function isGrossHarm(events: Events): boolean {
  return events.bad >= leastBad && logEvidence(events, tolerable) >= -Math.log(harmAlpha);
}
