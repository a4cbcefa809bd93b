/** How many more blocks an undecided metric wants. */
import type { Look } from '../model/plan.ts';
import type { Setting } from './finding.ts';
import { sessionAlpha, spent } from './looks.ts';
import type { AtLook, MetricCase } from './metric-cases.ts';
import { chanceToFail, chanceToPass } from './statistics/chance.ts';
import { mostBlocks } from './statistics/max-t.ts';

/** A later look should decide with this chance; */
export const wantedChance = 0.8;
/**
 * and if none does, the last one is still worth its time from this chance on. It is low because the chance comes from the
 * spread of a few trials, which one outlier among them makes several times too large.
 */
export const worthwhileChance = 0.05;

/**
 * Blocks from now to the first planned look that decides with `wantedChance` if the truth is what was seen; else to
 * the last look, when that has at least `worthwhileChance`; else null. A metric that fails by itself, and only not
 * yet over all scenarios, wants the next look in any case.
 */
export function wantedBlocks(setting: Setting, metric: MetricCase, at: AtLook): number | null {
  const valid = setting.blocks.valid.length;
  const later = setting.plan.looks.filter(({ blocks }) => blocks > valid);
  const chance = (look: Look): number => chanceToDecide(setting, metric, at, look);
  const last = later.at(-1);
  const next = at.p <= sessionAlpha ? later[0] : later.find((look) => chance(look) >= wantedChance);
  const wanted = next ?? (last !== undefined && chance(last) >= worthwhileChance ? last : undefined);
  return wanted === undefined ? null : wanted.blocks - valid;
}

/** With how many blocks a new check would decide with `wantedChance`; undefined when not with as many as there may be. */
export function decidingBlocks(setting: Setting, metric: MetricCase, at: AtLook): number | undefined {
  for (let blocks = at.look.blocks + 1; blocks <= mostBlocks; blocks++) {
    if (chanceToDecide(setting, metric, at, { blocks, alpha: sessionAlpha }) >= wantedChance) return blocks;
  }
  return undefined;
}

function chanceToDecide(setting: Setting, { expectation }: MetricCase, { interval }: AtLook, look: Look): number {
  const canFail = spent(3 ** -look.blocks, look) <= sessionAlpha / setting.scenarios;
  const fail = canFail ? chanceToFail(interval, look, Math.log1p(expectation.minimumEffect)) : 0;
  return Math.max(fail, chanceToPass(interval, look, Math.log1p(expectation.tolerance)));
}
