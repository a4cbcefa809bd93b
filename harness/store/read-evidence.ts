/** Reads a run folder back into evidence. What is damaged is refused with the file and line, never guessed. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Evidence, PhaseLatency, Skipped, TrialEvidence } from '../model/evidence.ts';
import type { History, Observation } from '../model/history.ts';
import { type Plan, arms } from '../model/plan.ts';
import { skippedName } from './run-folder.ts';
import { sha256 } from './trial-log.ts';
import { trialRecord } from './trial-record.ts';
import { unreadable } from './unreadable.ts';

/** Plan and trials of a run folder, in order of scenario, block and arm. */
export function readEvidence(runFolder: string): Evidence {
  const plan = readPlan(path.join(runFolder, 'plan.json'));
  const folder = path.join(runFolder, 'trials');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const trials = names.map((name) => readTrial(runFolder, name, plan));
  const scenarios = plan.scenarios.map(({ scenario }) => scenario.name);
  const rank = ({ scenario, block, arm }: TrialEvidence): number =>
    (scenarios.indexOf(scenario) * 10_000 + block) * arms.length + arms.indexOf(arm);
  const skippedFile = path.join(runFolder, skippedName);
  const skipped = existsSync(skippedFile) ? { skipped: readList(skippedFile) as readonly Skipped[] } : {};
  return { plan, ...skipped, trials: trials.toSorted((a, b) => rank(a) - rank(b)) };
}

export function readPlan(file: string): Plan {
  const read = readJson(file) as Partial<Plan> | null;
  const schema: unknown = read?.schema;
  if (schema !== 1) throw unreadable(file, `schema ${String(schema)} is not 1`);
  if (!Array.isArray(read?.scenarios)) throw unreadable(file, 'it has no scenarios');
  return read as Plan;
}

/** `name`: of its folder. */
function readTrial(runFolder: string, name: string, plan: Plan): TrialEvidence {
  const folder = `trials/${name}`;
  const [recordFile, historyFile, latencyFile] = ['trial.json', 'history.ndjson', 'latency.json'].map((file) =>
    path.join(runFolder, folder, file),
  ) as [string, string, string];
  const record = trialRecord(readJson(recordFile), recordFile, name, plan);
  const { scenario, block, arm, seed, startedAt, state, reason } = record;
  const cutShort =
    state === undefined ? { state: 'aborted' as const, reason: 'the harness ended during this trial' } : { state };
  const history = readHistory(historyFile, state !== 'completed');
  const latency = existsSync(latencyFile) ? (readList(latencyFile) as readonly PhaseLatency[]) : [];
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
    const where = `${file}:${index + 1}`;
    const found = parsed(line, where);
    if (!isObservation(found)) throw unreadable(where, 'this line is no observation');
    return found;
  });
}

function parsed(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw unreadable(where, 'this line is no JSON', cause);
  }
}

/** Its kind decides what else it has to have; oracles and metrics say what they miss. */
function isObservation(found: unknown): found is Observation {
  return typeof found === 'object' && found !== null && 'kind' in found && typeof found.kind === 'string';
}

function readList(file: string): readonly object[] {
  const list = readJson(file);
  const isList = Array.isArray(list) && list.every((each) => typeof each === 'object' && each !== null);
  if (!isList) throw unreadable(file, 'it is no list of records');
  return list as readonly object[];
}

export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw unreadable(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}
