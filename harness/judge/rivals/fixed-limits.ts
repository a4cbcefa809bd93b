/** The limits of Flagger's documentation, which Argo Rollouts' examples share: at least 99 % served, p99 at most 500 ms. */
import type { Metric } from '../../../scenarios/scenario.ts';
import type { Said } from '../../model/rivals.ts';
import { said, type Pair } from './rival.ts';

const limits: Readonly<Partial<Record<Metric, number>>> = { 'error-share': 0.01, 'latency-p99': 500 };

/** Fails when so many of the experiment's points break the limit; the control is not looked at. */
export function againstLimit({ metric, experiment: { points } }: Pair, failures: number): Said {
  const limit = limits[metric];
  if (limit === undefined) return said('no-data', 'no limit is published for it');
  if (points.length === 0) return said('no-data', 'no point');
  const broken = points.filter((point) => point > limit).length;
  return said(broken >= failures ? 'fail' : 'pass', `${broken} of ${points.length} checks broke the limit`);
}
