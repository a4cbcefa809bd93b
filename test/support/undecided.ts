/** Which scenarios of a verdict want more blocks. */
import type { Verdict } from '../../harness/model/verdict.ts';

/**
 * The scenarios that further blocks can still move, in the order of the plan. Blocks wanted to settle a breach of an
 * invariant are replays of the same seeds. The caller ends at the plan's last block, whatever is wanted here.
 */
export function undecided(verdict: Verdict): readonly { readonly scenario: string; readonly blocksNeeded: number }[] {
  return verdict.scenarios.flatMap(({ scenario, blocksNeeded }) =>
    blocksNeeded === null || blocksNeeded <= 0 ? [] : [{ scenario, blocksNeeded }],
  );
}
