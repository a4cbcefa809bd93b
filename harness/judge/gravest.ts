/** Merges decisions by gravity. */
import type { Decision } from '../model/verdict.ts';

/**
 * From gravest to mildest, and why:
 * - `regression` is proven; an invalid or undecided sibling must never mask it.
 * - `invalid` before `inconclusive`: something has to be repaired, more blocks alone will not do.
 * - `skipped` after them: what was tried is told first.
 * - all three before `known-weakness`, because a pipeline may let known weaknesses through, and must not let through with
 *   them what nobody has decided.
 * - `safe` only when all are safe.
 */
const byGravity: readonly [Decision, ...Decision[]] = [
  'regression',
  'invalid',
  'inconclusive',
  'skipped',
  'known-weakness',
  'safe',
];

/** Nothing at all proves nothing: an empty list is `inconclusive`. */
export function gravest(decisions: readonly Decision[]): Decision {
  return byGravity.find((decision) => decisions.includes(decision)) ?? 'inconclusive';
}
