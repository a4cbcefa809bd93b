/**
 * `make judge-study`: records sessions until there are as many as asked for, judges all that are there anew, and writes
 * docs/data/judge-study.json and docs/JUDGE.md. It goes on where it was ended; with AA=0 DOSES=0 it only counts again.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { milliseconds } from '../scenarios/duration.ts';
import { judgeDocument, readStudy, studyDocument, studyFile } from './study/document.ts';
import type { StudySession } from './study/record.ts';
import { merged, rowOf } from './study/rows.ts';
import { folderOf, isDone, runSession, studyFolder, wantedSessions } from './study/sessions.ts';

const usageError = 3;
const interrupted = 130;
/** Verdicts, of which each is a result. */
const verdicts = [0, 1, 2, 5];

function whole(name: string, otherwise: number): number {
  const value = Number(process.env[name] || otherwise);
  if (Number.isInteger(value) && value >= 0) return value;
  process.stderr.write(`${name} must be a whole number from 0, not "${process.env[name]}"\n`);
  process.exit(usageError);
}

async function record(equal: number, perDose: number, untilMs: number): Promise<number> {
  mkdirSync(studyFolder, { recursive: true });
  const missing = wantedSessions(equal, perDose).filter(({ id }) => !isDone(id));
  for (const [index, session] of missing.entries()) {
    if (performance.now() > untilMs) break;
    process.stderr.write(`session ${index + 1} of ${missing.length}: ${session.id}\n`);
    const code = await runSession(session);
    if (code === interrupted) return code;
    if (!verdicts.includes(code))
      process.stderr.write(`${session.id} could not be run (exit ${code}); it is no session\n`);
  }
  return 0;
}

/** Folders that cannot be read are named and left out: they are no sessions. */
function rows(): readonly StudySession[] {
  return readdirSync(studyFolder).flatMap((id) => {
    if (!isDone(id)) return [];
    try {
      return [rowOf(id, folderOf(id))];
    } catch (error) {
      process.stderr.write(`${id} is left out: ${error instanceof Error ? error.message : String(error)}\n`);
      return [];
    }
  });
}

const limit = process.env['MAX_TIME'];
const untilMs = limit === undefined || limit === '' ? Infinity : performance.now() + milliseconds(limit);
const code = await record(whole('AA', 3), whole('DOSES', 0), untilMs);
const study = { schema: 1, sessions: merged(readStudy().sessions, rows()) } as const;
writeFileSync(studyFile, `${JSON.stringify(study, null, 2)}\n`);
writeFileSync(judgeDocument, studyDocument(study));
process.stdout.write(`${study.sessions.length} sessions in docs/data/judge-study.json; docs/JUDGE.md is written\n`);
process.exitCode = code;
