import type { Scenario } from './scenario.ts';

/** Workers of all gateways of a trial together. */
export function allWorkers({ gateway: { workers, beside = 0 } }: Pick<Scenario, 'gateway'>): number {
  return workers * (1 + beside);
}
