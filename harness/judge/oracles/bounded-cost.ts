/**
 * No build may take far more of its host than the others do for the same day: a loop that spins while etcd is away, memory that is
 * kept for each request or change, connections that are never closed. What is only somewhat dearer is the matter of metrics.
 */
import { milliseconds } from '../../../scenarios/duration.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import type { TrialEvidence } from '../../model/evidence.ts';
import type { History } from '../../model/history.ts';
import { samples } from '../../model/samples.ts';
import { pointer, startOf } from '../history.ts';
import type { Oracle } from './oracle.ts';

/**
 * Below this factor of what the dearer of the others took, and this much more, is usual. Between the arms of clean blocks, on two
 * cores with twenty times as much to do, processor time differed by up to a third, memory by 16 MiB and open files by a third.
 */
const factor = 2.5;

interface Cost {
  readonly metric: string;
  readonly slack: number;
  /** From the start of the baseline on, rather than as it stands. */
  readonly grown: boolean;
  /**
   * What is held may be given back: what counts is what is held at the least from the settling on. So memory that nobody has tidied
   * up yet is not told, and neither are workers that a reload has not ended yet.
   */
  readonly held: boolean;
  readonly said: (value: number) => string;
}

const bytesPerMiB = 1_048_576;

const costs: readonly Cost[] = [
  {
    metric: samples.gatewayCpu,
    slack: 2,
    grown: true,
    held: false,
    said: (value) => `${value.toFixed(1)} s of processor time`,
  },
  {
    metric: samples.gatewayRss,
    slack: 96 * bytesPerMiB,
    grown: true,
    held: true,
    said: (value) => `${(value / bytesPerMiB).toFixed(0)} MiB more resident memory`,
  },
  {
    metric: samples.openFiles,
    slack: 64,
    grown: false,
    held: true,
    said: (value) => `${value} open files and connections`,
  },
];

interface Taken {
  readonly value: number;
  readonly index: number;
}

export const boundedCost: Oracle = {
  compares: true,
  constants: {
    'bounded-cost.factor': factor,
    ...Object.fromEntries(costs.map(({ metric, slack }) => [`bounded-cost.slack.${metric}`, slack])),
  },
  breaks: 'takes far more of its host than the other arms',
  counted: (count) => `of ${count} ${count === '1' ? 'kind' : 'kinds'} it took more than ${factor} times as much`,
  check(trial, scenario, peers) {
    if (peers.length === 0) return { state: 'cannot-tell', why: 'there is no other arm to compare with' };
    // A host may tell only some of it.
    const told = costs.filter(({ metric }) => [trial, ...peers].some(({ history }) => isSampled(history, metric)));
    if (told.length === 0) return { state: 'cannot-tell', why: 'of no arm was it sampled what it takes of its host' };
    const over = told.flatMap((cost) => {
      const own = taken(trial, scenario, cost);
      const most = Math.max(0, ...peers.map((peer) => taken(peer, scenario, cost).value));
      return own.value > factor * most + cost.slack ? [{ cost, own, most }] : [];
    });
    if (over.length === 0) return { state: 'held' };
    const pointers = over.map(({ cost: { said, held }, own, most }) => {
      const when = held ? 'at any time after the faults' : 'by the end of the settling';
      return pointer(trial, own.index, `${said(own.value)} ${when}, the others at most ${said(most)}`);
    });
    return { state: 'breached', count: over.length, pointers };
  },
};

function isSampled(history: History, metric: string): boolean {
  return history.some((o) => o.kind === 'sample' && o.metric === metric);
}

/**
 * What is spent, until the settling is over: whoever has not converged by then is waited for. Throws where it was sampled in other
 * arms only.
 */
function taken({ history }: TrialEvidence, { phases }: Scenario, { metric, grown, held }: Cost): Taken {
  const [from, settling] = [startOf(history, 'baseline'), startOf(history, 'settle')];
  if (from === undefined || settling === undefined) throw new Error('the trial did not come to its settling');
  const until = settling + milliseconds(phases.settle);
  const all = history.flatMap((o, index) =>
    o.kind === 'sample' && o.metric === metric && o.atMs >= from ? [{ value: o.value, index, atMs: o.atMs }] : [],
  );
  const first = all[0];
  const counted = held
    ? all.filter(({ atMs }) => atMs >= settling).toSorted((a, b) => a.value - b.value)[0]
    : all.findLast(({ atMs }) => atMs <= until);
  if (first === undefined || counted === undefined) throw new Error(`there is no sample "${metric}"`);
  return { value: grown ? counted.value - first.value : counted.value, index: counted.index };
}
