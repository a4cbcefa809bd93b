/** What the gateway used and asked for over time, from the samples of a trial. */
import type { TrialEvidence } from '../../model/evidence.ts';
import { samples } from '../../model/samples.ts';
import type { Point } from './charts/series-chart.ts';
import { faultStart } from './timeline.ts';

export interface Resource {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly of: (trial: TrialEvidence) => readonly Point[];
}

/** The host counts processor time in steps of 10 ms, so shorter spans than this would show the steps. Seconds. */
const shortest = 0.9;

export const resources: readonly Resource[] = [
  { name: 'cpu', title: 'Processor time of the gateway', unit: 'cores', of: rate(samples.gatewayCpu) },
  { name: 'rss', title: 'Resident memory of the gateway', unit: 'MiB', of: level(samples.gatewayRss, 1_048_576) },
  { name: 'etcd', title: 'Requests of the gateway to etcd', unit: 'per second', of: rate(samples.etcdRequests) },
];

function sampled(trial: TrialEvidence, metric: string): readonly (readonly [second: number, value: number])[] {
  const start = faultStart(trial);
  return trial.history.flatMap((o) =>
    o.kind === 'sample' && o.metric === metric ? [[(o.atMs - start) / 1_000, o.value] as const] : [],
  );
}

function level(metric: string, unit: number): Resource['of'] {
  return (trial) => sampled(trial, metric).map(([second, value]) => [second, value / unit]);
}

/** How much a counter grew in each second. A counter that began anew, with its process, leaves a gap. */
function rate(metric: string): Resource['of'] {
  return (trial) => {
    const points: Point[] = [];
    let before: readonly [number, number] | undefined;
    for (const now of sampled(trial, metric)) {
      if (before !== undefined && now[0] - before[0] < shortest) continue;
      if (before !== undefined) {
        const grown = now[1] - before[1];
        points.push([now[0], grown < 0 ? null : grown / (now[0] - before[0])]);
      }
      before = now;
    }
    return points;
  };
}
