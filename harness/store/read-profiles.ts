/** The CPU profiles of a run. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { CpuProfile, TakenProfile } from '../model/cpu-profile.ts';
import type { TrialRecord } from './trial-log.ts';
import { readJson } from './read-evidence.ts';

/** In the order of their files. One that was cut short, as by an interrupt, is left out: it is no evidence. */
export function readProfiles(runFolder: string): readonly TakenProfile[] {
  const files = globSync('profiles/*/*.cpuprofile', { cwd: runFolder }).toSorted();
  return files.flatMap((file) => {
    const profile = parsed(path.join(runFolder, file));
    if (profile === undefined) return [];
    const { scenario, arm } = readJson(path.join(runFolder, path.dirname(file), 'trial.json')) as TrialRecord;
    const worker = decodeURIComponent(path.basename(file, '.cpuprofile'));
    return [{ scenario, arm, worker, file, profile }];
  });
}

function parsed(file: string): CpuProfile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  } catch {
    return undefined;
  }
}
