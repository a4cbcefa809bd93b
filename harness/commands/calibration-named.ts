/** The calibration that a check is judged with: the file that was named, else the one of this host, else none. */
import { cpus } from 'node:os';
import type { Calibration } from '../model/calibration.ts';
import type { FrozenScales } from '../model/plan.ts';
import { defaultCalibration, readCalibration } from '../store/calibration-file.ts';
import type { Mistakes } from './mistakes.ts';

export type Host = Calibration['host'];

export function hostClass(): Host {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
}

/** A file that was found, not named, and is of another class of host is left alone, and that is said. */
export function calibrationNamed(file: string | undefined, mistakes: Mistakes): FrozenScales | undefined {
  const found = readCalibration(file ?? defaultCalibration);
  if (found === undefined) {
    if (file !== undefined) mistakes.add(`--calibration: no file ${file}`);
    return undefined;
  }
  const { cpu, cores } = found.calibration.host;
  const here = hostClass();
  if (file !== undefined || (cpu === here.cpu && cores === here.cores)) return found.frozen;
  process.stderr.write(`note: ${defaultCalibration} is of another host (${cpu}, ${cores} cores) and is not used\n`);
  return undefined;
}
