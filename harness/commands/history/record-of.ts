/** A run folder as a record of the history database. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { judge } from '../../judge/judge.ts';
import { measurements } from '../../judge/trend/points.ts';
import type { Environment } from '../../model/environment.ts';
import type { Plan } from '../../model/plan.ts';
import type { FindingHead, RunKind, RunRecord } from '../../model/run-record.ts';
import type { Finding } from '../../model/verdict.ts';
import { openHistory } from '../../store/history/open-history.ts';
import { told } from '../../store/history/sqlite-errors.ts';
import { writeRun } from '../../store/history/write-run.ts';
import { readEvidence, readJson } from '../../store/read-evidence.ts';
import { runIdOf } from '../../store/run-folder.ts';

export interface Occasion {
  readonly kind: RunKind;
  readonly night: string | null;
  /** Named after its builds when undefined. */
  readonly pair?: string | undefined;
}

/** Decides again from the evidence, so that history never says more than the evidence does. */
export function recordOf(folder: string, { kind, night, pair }: Occasion): RunRecord {
  const evidence = readEvidence(folder);
  const { plan, trials } = evidence;
  const { decision, because, scenarios, stable, canary } = judge(evidence);
  const { host, startedAt, git, node, etcd } = readJson(path.join(folder, 'environment.json')) as Environment;
  return {
    id: runIdOf(folder),
    kind,
    night,
    pair: pair ?? pairOf(stable, canary),
    stable,
    canary,
    startedAt,
    decision,
    because,
    planHash: plan.hash,
    seed: plan.seed,
    git: git ?? null,
    hostClass: hostClassOf(host),
    node,
    etcd: etcd.version,
    folder: path.resolve(folder),
    trials: trials.map(({ scenario, block, arm, state, reason }) => ({
      scenario,
      block,
      arm,
      state,
      reason: reason ?? null,
    })),
    findings: scenarios.flatMap(({ findings }) => findings.map(findingHead)),
    ...measurements(evidence),
    scenarioHashes: Object.fromEntries(plan.scenarios.map(({ scenario }) => [scenario.name, hashOf(scenario)])),
  };
}

/** A plan of one arm is a run, one that compares is a canary. */
export function kindOf({ scenarios }: Plan): RunKind {
  return scenarios[0]?.blocks[0]?.order.length === 1 ? 'run' : 'canary';
}

/** Writes a run that has just ended; its number, or undefined when the history has it already. */
export function keep(file: string, record: RunRecord): number | undefined {
  using database = openHistory(file);
  try {
    return writeRun(database, record, 'now');
  } catch (error) {
    throw told(error, file);
  }
}

function pairOf(stable: string, canary: string): string {
  return stable === canary ? stable : `${stable} → ${canary}`;
}

/** Processor, cores and memory: what makes numbers of two hosts comparable at all. */
function hostClassOf({ cpu, cores, memoryMiB }: Environment['host']): string {
  return `${cpu}, ${cores} cores, ${Math.round(memoryMiB / 1024)} GiB`;
}

function findingHead({ scenario, subject, decision, because, estimate, interval, pValue }: Finding): FindingHead {
  return {
    scenario,
    subject,
    decision,
    because,
    estimate: estimate ?? null,
    interval: interval ?? null,
    pValue: pValue ?? null,
  };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
