/** The exact experiment: scenario + seed + builds, resolved to numbers. What is printed, run, stored and replayed. */
import type { Metric, Scenario } from '../../scenarios/scenario.ts';
import type { Build } from './build.ts';

/** One side of the comparison. `twin` is a second stable, so that every block carries its own A/A test. */
export type Arm = 'stable' | 'twin' | 'canary';
export const arms: readonly [Arm, Arm, Arm] = ['stable', 'twin', 'canary'];

/** One arm, deployed fresh, driven once. */
export interface Trial {
  readonly scenario: Scenario;
  readonly block: PlannedBlock;
  readonly arm: Arm;
  readonly build: Build;
  /** It is driven for the profiles of its workers. The profiler takes time of theirs, so nobody judges it. */
  readonly profiled?: true;
}

/** Its folder inside the run folder, such as `trials/route-flood-2-canary`; `profiles/…` is no evidence. */
export function trialFolder({ scenario, block, arm, profiled }: Trial): string {
  return `${profiled ? 'profiles' : 'trials'}/${trialName(scenario.name, block.block, arm)}`;
}

/** Unique within a run: `route-flood-2-canary`. */
export function trialName(scenario: string, block: number, arm: Arm): string {
  return `${scenario}-${block}-${arm}`;
}

/** One trial of each arm, in random order. The seed fixes the writes and the order; arms of a block share it. */
export interface PlannedBlock {
  readonly block: number;
  readonly seed: number;
  readonly order: readonly Arm[];
  /** The block whose seed this one plays again, to see whether a breach comes back. */
  readonly replayOf?: number;
}

export interface ScenarioPlan {
  readonly scenario: Scenario;
  /** As many blocks as the last planned look can need; fewer may be run. */
  readonly blocks: readonly PlannedBlock[];
  /** Numbers of blocks after which the judge may decide, with the share of alpha spent at each. */
  readonly looks: readonly Look[];
}

export interface Look {
  readonly blocks: number;
  readonly alpha: number;
}

/** What `gatecrash calibrate` measured on this host, as far as the judge uses it: frozen before the session. */
export interface FrozenScales {
  /** SHA-256 of the calibration file. */
  readonly hash: string;
  /** Standard deviation of a metric between trials of one build, by scenario and metric. */
  readonly scales: Readonly<Record<string, Readonly<Partial<Record<Metric, number>>>>>;
}

/** Where workloads live: as processes of this host, or as containers of its Docker engine. */
export type RuntimeKind = 'process' | 'docker';
export const runtimeKinds: readonly RuntimeKind[] = ['process', 'docker'];

export interface Plan {
  readonly schema: 1;
  readonly seed: number;
  readonly runtime: RuntimeKind;
  /** Absent: the scales that are built into the judge hold. */
  readonly calibration?: FrozenScales;
  readonly builds: Readonly<Record<Arm, Build>>;
  readonly scenarios: readonly ScenarioPlan[];
  /** SHA-256 over the rest of the plan as canonical JSON. */
  readonly hash: string;
}
