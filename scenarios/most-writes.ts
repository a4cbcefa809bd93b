import { milliseconds } from './duration.ts';
import type { Scenario } from './scenario.ts';

/** How many changes the writer makes at most: it writes from the beginning of the baseline to the end of the settling. */
export function mostWrites({ writes, phases }: Pick<Scenario, 'writes' | 'phases'>): number {
  const writtenMs = [phases.baseline, phases.fault, phases.settle].reduce((sum, phase) => sum + milliseconds(phase), 0);
  return Math.ceil((writtenMs / 1_000) * writes.ratePerSecond);
}
