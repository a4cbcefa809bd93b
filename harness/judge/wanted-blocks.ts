/** How many more blocks an undecided metric wants. */
import type { Look } from '../model/plan.ts';
import type { Setting } from './finding.ts';
import { sessionAlpha, spent } from './looks.ts';
import type { AtLook, MetricCase } from './metric-cases.ts';
import { chanceToFail, chanceToPass } from './statistics/chance.ts';

/** A later look should decide with this chance; */
export const wantedChance = 0.8;
/** and if none does, the last one is still worth its time from this chance on. */
export const worthwhileChance = 0.2;

/**
 * Blocks from now to the first planned look that decides with `wantedChance` if the truth is what was seen; else to
 * the last look, when that has at least `worthwhileChance`; else null. A metric that fails by itself, and only not
 * yet over all scenarios, wants the next look in any case.
 */
export function wantedBlocks(setting: Setting, { expectation }: MetricCase, at: AtLook): number | null {
  const valid = setting.blocks.valid.length;
  const later = setting.plan.looks.filter(({ blocks }) => blocks > valid);
  const chance = (look: Look): number => {
    const canFail = spent(3 ** -look.blocks, look) <= sessionAlpha / setting.scenarios;
    const fail = canFail ? chanceToFail(at.interval, look, Math.log1p(expectation.minimumEffect)) : 0;
    return Math.max(fail, chanceToPass(at.interval, look, Math.log1p(expectation.tolerance)));
  };
  const last = later.at(-1);
  const next = at.p <= sessionAlpha ? later[0] : later.find((look) => chance(look) >= wantedChance);
  const wanted = next ?? (last !== undefined && chance(last) >= worthwhileChance ? last : undefined);
  return wanted === undefined ? null : wanted.blocks - valid;
}
