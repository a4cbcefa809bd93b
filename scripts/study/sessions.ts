/** The sessions that the study runs, and how one is run: as a user runs it, one folder each, done when it has a verdict. */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { doses } from '../../gateway/mutants/doses.ts';

const root = path.join(import.meta.dirname, '..', '..');
/** Where the evidence lies; `make clean` leaves it. */
export const studyFolder: string = path.join(root, '.study');
const scenarioFile = 'scripts/study/dose-scenario.ts';

export interface Wanted {
  readonly id: string;
  /** Of the canary; stable is always the clean build. */
  readonly canary: string;
  readonly args: readonly string[];
}

/** Rounds of everything, so that a study which is ended early has a little of each. */
export function wantedSessions(equal: number, perDose: number): readonly Wanted[] {
  const rounds = Array.from({ length: Math.max(equal, perDose) }, (_, i) => i + 1);
  return rounds.flatMap((round) => [
    ...(round <= equal ? [{ id: `aa-${round}`, canary: 'equal', args: ['--suite', 'quick'] }] : []),
    ...(round <= perDose
      ? doses.map(({ name }) => ({ id: `${name}-${round}`, canary: name, args: ['--scenario', scenarioFile] }))
      : []),
  ]);
}

export function folderOf(id: string): string {
  return path.join(studyFolder, id);
}

export function isDone(id: string): boolean {
  return existsSync(path.join(folderOf(id), 'verdict.json'));
}

/** Runs it anew when it was cut short. Resolves with the exit code of `gatecrash canary`. */
export function runSession({ id, canary, args }: Wanted): Promise<number> {
  rmSync(folderOf(id), { recursive: true, force: true });
  const build = canary === 'equal' ? 'reference@.' : `reference@.+${canary}`;
  const builds = ['--stable', 'reference@.', '--canary', build];
  const child = spawn(
    path.join(root, 'gatecrash'),
    ['canary', ...builds, ...args, '--no-profile', '--seed', String(seedOf(id)), '--out', folderOf(id)],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal === null ? (code ?? 1) : 130));
  });
}

/** The same session has the same seed in every study (FNV-1a). */
function seedOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const character of id) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash & 0x7fffffff;
}
