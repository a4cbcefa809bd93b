/** Reads a run to be judged. A plan that was changed after the run is refused: it would be another experiment. */
import path from 'node:path';
import { HarnessError } from '../model/errors.ts';
import type { Evidence } from '../model/evidence.ts';
import { hashOf } from '../run/make-plan.ts';
import { readEvidence, readPlan } from '../store/read-evidence.ts';

export function readRun(folder: string): Evidence {
  const file = path.join(folder, 'plan.json');
  // Before what lies beside it is held against it.
  const { hash, ...rest } = readPlan(file);
  if (hash === hashOf(rest)) return readEvidence(folder);
  throw new HarnessError('EVIDENCE_UNREADABLE', `${file}: it was changed after the run`, {
    hint: 'tolerances and looks are fixed before a run; ask the new question with a new one',
  });
}
