/** Reads back what `trial.json` says. It names the arm of the records beside it, so what it says must be possible at all. */
import { type Arm, type Plan, arms, trialName } from '../model/plan.ts';
import type { TrialRecord } from './trial-log.ts';
import { unreadable } from './unreadable.ts';

const states: readonly unknown[] = [undefined, 'completed', 'invalid', 'aborted'];

/** `content`: of the file, parsed. `folder`: the name of the one that it lies in. */
export function trialRecord(content: unknown, file: string, folder: string, { builds }: Plan): TrialRecord {
  if (typeof content !== 'object' || content === null) throw unreadable(file, 'it is no record of a trial');
  const record = content as TrialRecord;
  const { scenario, block, arm, state, build }: Partial<TrialRecord> = record;
  if (!isArm(arm)) throw unreadable(file, `there is no arm ${String(arm)}`);
  if (!states.includes(state)) throw unreadable(file, `a trial cannot be ${String(state)}`);
  const name = trialName(scenario ?? '', block ?? 0, arm);
  if (name !== folder) throw unreadable(file, `it says that it is ${name}, and lies in ${folder}`);
  const planned = builds[arm].name;
  if (build !== undefined && build !== planned)
    throw unreadable(file, `it is of ${build}, and the plan has ${planned} as ${arm}`);
  return record;
}

function isArm(word: unknown): word is Arm {
  return arms.some((arm) => arm === word);
}
