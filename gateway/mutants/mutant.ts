/** What a variant of the gateway says of itself. Known-bad builds must be caught; benign ones must not. */
import type { Seams } from '../seams.ts';

export interface Mutant {
  readonly name: string;
  /** `dosed`: a regression of a known size, to measure the judge with. */
  readonly kind: 'known-bad' | 'benign' | 'dosed';
  readonly summary: string;
  /** Entry in the collection of regressions that real gateways shipped; `-` for a benign one. */
  readonly corpus: string;
  /** Issue or pull request of the gateway that shipped it. */
  readonly anchor: string;
  /** The scenario that must catch it, and the oracle or metric that must move; `-` for a benign one. */
  readonly scenario: string;
  readonly subject: string;
  /** How much of it there is, where that can be chosen: `rare-404=0.01`. */
  readonly dose?: { readonly unit: string; readonly usual: number };
  readonly wrap: (seams: Seams, dose?: number) => Seams;
}
