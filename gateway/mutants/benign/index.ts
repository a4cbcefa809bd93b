/** What is different and harms nobody: an explicit list, one file each. */
import { accessLog } from './access-log.ts';
import { asksPosition } from './asks-position.ts';
import { biggerBuffers } from './bigger-buffers.ts';
import { frozenObjects } from './frozen-objects.ts';
import { jitteredApply } from './jittered-apply.ts';
import { smallerPools } from './smaller-pools.ts';
import { uptimeMetric } from './uptime-metric.ts';
import type { Mutant } from '../mutant.ts';

export const benignMutants: readonly Mutant[] = [
  accessLog,
  asksPosition,
  biggerBuffers,
  frozenObjects,
  jitteredApply,
  smallerPools,
  uptimeMetric,
];
