/** Reads a run folder back into evidence. What is damaged is refused with the file and line, never guessed. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../model/errors.ts';
import type { Evidence, PhaseLatency, Skipped, TrialEvidence } from '../model/evidence.ts';
import type { History, Observation } from '../model/history.ts';
import { type Plan, arms } from '../model/plan.ts';
import { skippedName } from './run-folder.ts';
import { sha256, type TrialRecord } from './trial-log.ts';

/** Plan and trials of a run folder, in order of scenario, block and arm. */
export function readEvidence(runFolder: string): Evidence {
  const plan = readPlan(path.join(runFolder, 'plan.json'));
  const folder = path.join(runFolder, 'trials');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const trials = names.map((name) => readTrial(runFolder, `trials/${name}`));
  const scenarios = plan.scenarios.map(({ scenario }) => scenario.name);
  const rank = ({ scenario, block, arm }: TrialEvidence): number =>
    (scenarios.indexOf(scenario) * 10_000 + block) * arms.length + arms.indexOf(arm);
  const skippedFile = path.join(runFolder, skippedName);
  const skipped = existsSync(skippedFile) ? { skipped: readJson(skippedFile) as readonly Skipped[] } : {};
  return { plan, ...skipped, trials: trials.toSorted((a, b) => rank(a) - rank(b)) };
}

export function readPlan(file: string): Plan {
  const plan = readJson(file) as Plan;
  if (plan.schema !== 1) throw unreadable(file, `schema ${String(plan.schema)} is not 1`);
  return plan;
}

function readTrial(runFolder: string, folder: string): TrialEvidence {
  const record = readJson(path.join(runFolder, folder, 'trial.json')) as TrialRecord;
  const { scenario, block, arm, seed, startedAt, state, reason } = record;
  const [historyFile, latencyFile] = ['history.ndjson', 'latency.json'].map((name) =>
    path.join(runFolder, folder, name),
  ) as [string, string];
  const cutShort =
    state === undefined ? { state: 'aborted' as const, reason: 'the harness ended during this trial' } : { state };
  const history = readHistory(historyFile, state !== 'completed');
  const latency = existsSync(latencyFile) ? (readJson(latencyFile) as readonly PhaseLatency[]) : [];
  unchanged(historyFile, record.sha256?.history);
  unchanged(latencyFile, record.sha256?.latency);
  return {
    scenario,
    block,
    arm,
    seed,
    startedAt,
    folder,
    ...cutShort,
    ...(reason === undefined ? {} : { reason }),
    history,
    latency,
  };
}

/** Evidence of before the hashes has none, and of a trial that was cut short neither. */
function unchanged(file: string, hash: string | undefined): void {
  if (hash === undefined) return;
  if (!existsSync(file)) throw unreadable(file, 'it is missing');
  if (sha256(readFileSync(file)) !== hash) throw unreadable(file, 'it was changed after the trial');
}

/** A history that was cut short may end in half a line; a finished one may not. */
function readHistory(file: string, cutShort: boolean): History {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n').slice(0, -1);
  if (!text.endsWith('\n') && text !== '' && !cutShort)
    throw unreadable(`${file}:${lines.length + 1}`, 'the last line is cut off');
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as Observation;
    } catch (cause) {
      throw unreadable(`${file}:${index + 1}`, 'this line is no JSON', cause);
    }
  });
}

export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw unreadable(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function unreadable(where: string, why: string, cause?: unknown): HarnessError {
  return new HarnessError('EVIDENCE_UNREADABLE', `${where}: ${why}`, {
    hint: 'name a run folder as written by gatecrash canary or run; evidence is never repaired',
    cause,
  });
}
