/** What a rival is: a published rule for one metric of one scenario, and how its metrics make a whole. */
import type { Metric } from '../../../scenarios/scenario.ts';
import type { RivalDecision, Said } from '../../model/rivals.ts';

/** One metric of one build over a session. */
export interface Recorded {
  /** The time series that such tools watch: a point a second (of a delay: one a write), all blocks after each other. */
  readonly points: readonly number[];
  /** One number for each trial. */
  readonly trials: readonly number[];
}

export interface Pair {
  readonly metric: Metric;
  readonly experiment: Recorded;
  readonly control: Recorded;
}

export interface Rival {
  readonly name: string;
  /** The rule in a sentence, with its constants. */
  readonly rule: string;
  classify(pair: Pair): Said;
  /** The whole of a scenario. */
  overall(metrics: readonly Said[]): Said;
}

export function said(decision: RivalDecision, why: string): Said {
  return { decision, why };
}

/** One failed metric fails all; what no metric had data for is no data. */
export function strictest(metrics: readonly Said[]): Said {
  const of = (decision: RivalDecision): readonly Said[] => metrics.filter((each) => each.decision === decision);
  const [failed, passed] = [of('fail').length, of('pass').length];
  if (failed > 0) return said('fail', `${failed} of ${metrics.length} metrics failed`);
  return passed > 0
    ? said('pass', `${passed} of ${metrics.length} metrics passed`)
    : said('no-data', 'no metric had data');
}
