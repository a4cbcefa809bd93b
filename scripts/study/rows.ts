/** From the evidence of the study's sessions to its rows: judged anew, with the judge of this checkout. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { judge } from '../../harness/judge/judge.ts';
import { askRivals } from '../../harness/judge/rivals/index.ts';
import type { Environment } from '../../harness/model/environment.ts';
import type { Plan } from '../../harness/model/plan.ts';
import { readEvidence } from '../../harness/store/read-evidence.ts';
import type { StudySession } from './record.ts';

export function rowOf(id: string, folder: string): StudySession {
  const evidence = readEvidence(folder);
  const verdict = judge(evidence);
  const { host, git, startedAt } = JSON.parse(
    readFileSync(path.join(folder, 'environment.json'), 'utf8'),
  ) as Environment;
  return {
    id,
    canary: doseOf(evidence.plan),
    planHash: evidence.plan.hash,
    host: `${host.cpu}, ${host.cores} cores`,
    git: git ?? null,
    startedAt,
    seconds: secondsOf(folder, evidence.trials, evidence.plan),
    blocks: Math.max(0, ...verdict.scenarios.map(({ blocks }) => blocks.used)),
    scales: String(verdict.constants['scales.source'] ?? 'built-in'),
    decision: verdict.decision,
    findings: verdict.scenarios
      .flatMap(({ findings }) => findings)
      .map(({ scenario, subject, decision, estimate }) => ({
        scenario,
        subject,
        decision,
        ...(estimate === undefined ? {} : { estimate }),
      })),
    rivals: askRivals(evidence).map(({ rival, canary, twin }) => ({
      rival,
      canary: canary.decision,
      twin: twin.decision,
    })),
  };
}

/** New rows take the place of old ones of the same session; rows whose evidence is elsewhere stay. */
export function merged(old: readonly StudySession[], fresh: readonly StudySession[]): readonly StudySession[] {
  const rows = new Map([...old, ...fresh].map((row) => [key(row), row]));
  return [...rows.values()].toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function key({ id, host }: StudySession): string {
  return JSON.stringify([id, host]);
}

function doseOf({ builds: { stable, canary } }: Plan): string {
  if (canary.name === stable.name) return 'equal';
  return canary.variants.find((variant) => !stable.variants.includes(variant)) ?? canary.name;
}

/** Of the trials; arms that ran side by side took the time of one. */
function secondsOf(
  folder: string,
  trials: readonly { readonly folder: string; readonly scenario: string }[],
  plan: Plan,
): number {
  const total = trials.reduce((sum, trial) => {
    const { tookMs = 0 } = JSON.parse(readFileSync(path.join(folder, trial.folder, 'trial.json'), 'utf8')) as {
      readonly tookMs?: number;
    };
    const together = plan.scenarios.find(({ scenario }) => scenario.name === trial.scenario)?.scenario.arms;
    return sum + (together === 'side-by-side' ? tookMs / 3 : tookMs);
  }, 0);
  return Math.round(total / 1_000);
}
