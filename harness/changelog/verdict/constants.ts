/** Every constant that moves a word of the report, by the name under which the report states it. */

/** A change inside of this, either way, is no effect: 0.1 = between 1/1.1 and 1.1 of stable. */
export const margin = 0.1;
/** Share of false ones among the metric moves that are listed (Benjamini and Hochberg). */
export const falseDiscoveries = 0.05;
/** A gain that a line announces without a number accounts for at most this much: twice as good. */
export const unnumberedGain = 2;
/** Where stable alone broke an invariant, the chance that the canary was merely spared has to be at most this. */
export const sparedAlpha = 0.05;
/** Shares of errors are compared above this one, as the judge does: one error of thousands is no change. */
export const floorShare = 0.001;

export const constants: Readonly<Record<string, number>> = {
  margin,
  falseDiscoveries,
  unnumberedGain,
  sparedAlpha,
  floorShare,
};
