/**
 * Blocks of a steady state (5 to 10 s each, the arms swapped at random): d_j = ln ratio − ln(1 + δ). Under "the canary is
 * no worse than δ" a block is as likely to lie below as above, whatever its size; nothing else is assumed.
 */
import { normalProbability } from '../statistics/distributions.ts';
import { chanceOfOdds, logEvidence } from './discordant.ts';

/** Where the test is sharpest: effects of about half a standard deviation. */
const rho = 0.2;

/**
 * E = 2(1+ρV)^(−½) · exp(ρS² / (2(1+ρV))) · Φ(S·√(ρ/(1+ρV))), S = Σd/σ, V = Σd²/σ²: de la Peña's one-sided mixture.
 * A supermartingale when each d is symmetric around 0 or below.
 */
export function sizeEvidence(differences: readonly number[], sigma: number): number {
  if (!(sigma > 0)) throw new RangeError(`the scale of a block must be positive, not ${sigma}`);
  const s = differences.reduce((sum, d) => sum + d / sigma, 0);
  const v = differences.reduce((sum, d) => sum + (d / sigma) ** 2, 0);
  const shrink = 1 + rho * v;
  return (
    (2 / Math.sqrt(shrink)) * Math.exp((rho * s * s) / (2 * shrink)) * normalProbability(s * Math.sqrt(rho / shrink))
  );
}

/** By the signs alone: better when blocks have heavy tails. A difference of 0 says nothing. */
export function signEvidence(differences: readonly number[]): number {
  const bad = differences.filter((d) => d > 0).length;
  const good = differences.filter((d) => d < 0).length;
  return Math.exp(logEvidence({ bad, good }, chanceOfOdds(1)));
}

/** The average of the two, which is an e-value too. Reject at 1/alpha, after any block. */
export function steadyEvidence(differences: readonly number[], sigma: number): number {
  return (sizeEvidence(differences, sigma) + signEvidence(differences)) / 2;
}
