/** The calibration of a host on disk: written by `gatecrash calibrate`, frozen into the plans of later checks. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { HarnessError } from '../model/errors.ts';
import type { Calibration } from '../model/calibration.ts';
import type { FrozenScales } from '../model/plan.ts';

/** Where a check looks when no file is named: beside `runs/`. */
export const defaultCalibration = 'gatecrash.calibration.json';

export interface FoundCalibration {
  readonly calibration: Calibration;
  /** As it goes into a plan. */
  readonly frozen: FrozenScales;
}

/** Undefined when there is no such file; throws EVIDENCE_UNREADABLE when it is none of ours. */
export function readCalibration(file: string): FoundCalibration | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const calibration = parsed(file, bytes.toString());
  const scales = Object.entries(calibration.scenarios).map(([name, { metrics }]) => {
    return [name, Object.fromEntries(Object.entries(metrics).map(([metric, { scale }]) => [metric, scale]))] as const;
  });
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { calibration, frozen: { hash, scales: Object.fromEntries(scales) } };
}

function parsed(file: string, text: string): Calibration {
  let content: Partial<Calibration>;
  try {
    content = JSON.parse(text) as Partial<Calibration>;
  } catch (cause) {
    throw unusable(file, 'it is no JSON', cause);
  }
  if (content.schema !== 1) throw unusable(file, `schema ${String(content.schema)} is not 1`);
  if (content.host === undefined || content.scenarios === undefined)
    throw unusable(file, 'it has no host or no scenarios');
  const wrong = Object.values(content.scenarios)
    .flatMap(({ metrics }) => Object.values(metrics))
    .filter(({ scale }) => !(Number.isFinite(scale) && scale > 0));
  if (wrong.length > 0) throw unusable(file, `${wrong.length} of its scales are not positive numbers`);
  return content as Calibration;
}

function unusable(file: string, why: string, cause?: unknown): HarnessError {
  return new HarnessError('EVIDENCE_UNREADABLE', `${file}: ${why}`, {
    hint: 'gatecrash calibrate writes a new one; without it the scales that are built in hold',
    cause,
  });
}
