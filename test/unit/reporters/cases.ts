/** One judged run for each decision, and the context in which reports are rendered. */
import { judge } from '../../../harness/judge/judge.ts';
import type { Evidence } from '../../../harness/model/evidence.ts';
import type { Decision, Verdict } from '../../../harness/model/verdict.ts';
import type { ReportContext } from '../../../harness/reporters/reporter.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence } from '../../support/evidence.ts';

export interface Case {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
}

export const context: ReportContext = {
  runFolder: '/tmp/runs/20260101-120000-1',
  replay: 'gatecrash canary --stable reference@. --canary reference@.+suspect --seed 7',
  environment: {
    schema: 1,
    startedAt: '2026-01-01T12:00:00.000Z',
    host: { cpu: 'A processor', cores: 2, memoryMiB: 4096, kernel: '6.1' },
    node: 'v24.0.0',
    etcd: { version: '3.6.0', from: 'PATH' },
    git: 'abcdef',
    argv: ['canary'],
  },
};

const lossy = { lost: 7, convergedMs: undefined };

export const cases: Readonly<Record<Decision, Case>> = {
  safe: judged(evidence([watchSilentDeath, routeFlood], 3)),
  regression: judged(
    evidence([watchSilentDeath, routeFlood], 3, (arm) =>
      arm === 'canary' ? { ...lossy, p99Ms: 40, errors: 300 } : {},
    ),
  ),
  inconclusive: judged(evidence([watchSilentDeath], 1)),
  invalid: judged(evidence([watchSilentDeath], 3, () => ({ state: 'invalid', reason: 'etcd died\nits last words' }))),
  skipped: judged(withoutFlood(evidence([watchSilentDeath, routeFlood], 3))),
  'known-weakness': judged(evidence([watchSilentDeath], 3, () => lossy)),
};

/** As on a host that cannot do it. */
function withoutFlood(tried: Evidence): Evidence {
  const trials = tried.trials.filter(({ scenario }) => scenario !== routeFlood.name);
  return {
    ...tried,
    trials,
    skipped: [{ scenario: routeFlood.name, reason: 'step 1 (routes.flood): no flood to be had' }],
  };
}

export function judged(tried: Evidence): Case {
  return { evidence: tried, verdict: judge(tried) };
}
