/** What the parts of the judge hand to each other: a finding, and how many more blocks it would want. */
import type { ScenarioPlan } from '../model/plan.ts';
import type { Finding } from '../model/verdict.ts';
import type { Blocks } from './blocks.ts';
import type { HolmStep } from './statistics/holm.ts';

export interface Judged {
  readonly finding: Finding;
  /** Further blocks that would likely decide it; null when it is decided or more would not help. */
  readonly blocksNeeded: number | null;
}

/** What a finding of one scenario is judged in. */
export interface Setting {
  readonly plan: ScenarioPlan;
  readonly blocks: Blocks;
  /** Names of the builds. */
  readonly stable: string;
  readonly canary: string;
  /** How many scenarios the session has, and this scenario's step of Holm over them. */
  readonly scenarios: number;
  /** p of "a later trial is as an earlier one", over the whole session. */
  readonly position: number;
  readonly holm: HolmStep;
}
