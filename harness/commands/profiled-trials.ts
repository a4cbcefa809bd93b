/** Which trials are driven once more for CPU profiles, after the verdict. */
import type { Metric } from '../../scenarios/scenario.ts';
import { driverOf } from '../gateways/index.ts';
import type { Plan, Trial } from '../model/plan.ts';
import type { ScenarioVerdict, Verdict } from '../model/verdict.ts';

/** `regression`: where the canary became slower, dearer or overloaded, which a CPU profile may explain. */
export type ProfileWhen = 'never' | 'regression' | 'always';

/**
 * What no processor time explains: what is kept, lost, or asked of etcd, and how long somebody waited to ask again. Nor what is
 * measured after the load.
 */
const unexplained: readonly Metric[] = [
  'stale-share',
  'rss-slope',
  'etcd-requests-per-change',
  'etcd-bytes-per-change',
  'etcd-connections',
  'recovery-time',
  'cold-start-time',
];

/**
 * Stable and canary, each in the seed of its first block. Never the trials that are judged: the profiler takes time of
 * the gateway, and more of one that does more, so it would move what is measured.
 */
export function profiledTrials({ builds, scenarios }: Plan, verdict: Verdict, when: ProfileWhen): readonly Trial[] {
  const compared = (['stable', 'canary'] as const).filter((arm) => driverOf(builds[arm]).abilities.has('profiles'));
  return scenarios.flatMap(({ scenario, blocks: [block] }): readonly Trial[] => {
    const said = verdict.scenarios.find((each) => each.scenario === scenario.name);
    if (block === undefined || said === undefined || !isWanted(said, when)) return [];
    const arms = compared.filter((arm) => block.order.includes(arm));
    return arms.map((arm) => ({ scenario, block, arm, build: builds[arm], profiled: true }));
  });
}

function isWanted({ decision, findings }: ScenarioVerdict, when: ProfileWhen): boolean {
  if (when === 'never' || decision === 'skipped') return false;
  if (when === 'always') return true;
  return findings.some(
    ({ decision, expectation }) =>
      decision === 'regression' && expectation.kind === 'no-worse' && !unexplained.includes(expectation.metric),
  );
}
