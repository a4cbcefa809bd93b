/** Evidence that cannot be read: refused with its place, never repaired and never guessed at. */
import { HarnessError } from '../model/errors.ts';

/** `where`: a file, or one with its line. */
export function unreadable(where: string, why: string, cause?: unknown): HarnessError {
  return new HarnessError('EVIDENCE_UNREADABLE', `${where}: ${why}`, {
    hint: 'name a run folder as written by gatecrash canary or run; evidence is never repaired',
    cause,
  });
}
