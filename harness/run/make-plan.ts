/** Turns a question (scenarios, builds, seed) into the exact experiment. The same question and seed give the same plan. */
import { createHash } from 'node:crypto';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Build } from '../model/build.ts';
import {
  type Arm,
  type FrozenScales,
  type Look,
  type Plan,
  type PlannedBlock,
  type RuntimeKind,
  arms,
} from '../model/plan.ts';
import { derive, shuffled } from './seed.ts';

export interface Question {
  readonly scenarios: readonly Scenario[];
  readonly builds: Readonly<Record<Arm, Build>>;
  /** All three for a comparison; `canary` alone for a run of one build. */
  readonly arms: readonly Arm[];
  readonly looks: readonly Look[];
  readonly seed: number;
  /** Processes by default. */
  readonly runtime?: RuntimeKind;
  readonly calibration?: FrozenScales | undefined;
}

export function makePlan(question: Question): Plan {
  const { scenarios, builds, looks, seed, runtime = 'process', arms: compared, calibration } = question;
  const blocks = Math.max(...looks.map((look) => look.blocks));
  const plan = {
    schema: 1,
    seed,
    runtime,
    ...(calibration === undefined ? {} : { calibration }),
    builds,
    scenarios: scenarios.map((scenario) => ({
      scenario,
      blocks: Array.from({ length: blocks }, (_, index) => plannedBlock(seed, scenario, index + 1, compared)),
      looks,
    })),
  } as const;
  return { ...plan, hash: hashOf(plan) };
}

/** SHA-256 of what a plan says, in hexadecimal. */
export function hashOf(plan: Omit<Plan, 'hash'>): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}

function plannedBlock(seed: number, { name }: Scenario, block: number, compared: readonly Arm[]): PlannedBlock {
  const order = shuffled(
    arms.filter((arm) => compared.includes(arm)),
    derive(seed, name, block, 'order'),
  );
  return { block, seed: derive(seed, name, block), order };
}
