/** What this host cannot do passes for nothing. */
import { expect, test } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import { exitCodeOf } from '../../../harness/model/exit-codes.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence } from '../../support/evidence.ts';
import { cases } from '../reporters/cases.ts';

test('a scenario that was skipped among good ones: the whole is skipped, says why, and exits with 2', () => {
  const { decision, because, scenarios } = cases.skipped.verdict;
  expect([decision, exitCodeOf(decision)]).toEqual(['skipped', 2]);
  expect(because).toMatch(/^route-flood was skipped: step 1 .*the other 1 scenario$/);
  expect(scenarios.map((each) => each.decision)).toEqual(['safe', 'skipped']);
});

test('it hides no regression of another', () => {
  const lossy = { lost: 7, convergedMs: undefined };
  const tried = evidence([watchSilentDeath], 3, (arm) => (arm === 'canary' ? lossy : {}));
  const [flood] = evidence([routeFlood], 3).plan.scenarios;
  if (flood === undefined) throw new Error('one was asked for');
  const skipped = [{ scenario: routeFlood.name, reason: 'no' }];
  const plan = { ...tried.plan, scenarios: [...tried.plan.scenarios, flood] };
  expect(judge({ ...tried, plan, skipped }).decision).toBe('regression');
});

test('a run of one build that was skipped is no pass', () => {
  const tried = evidence([watchSilentDeath], 1);
  const scenarios = tried.plan.scenarios.map((each) => ({
    ...each,
    blocks: each.blocks.map((block) => ({ ...block, order: ['canary' as const] })),
  }));
  const plan = { ...tried.plan, scenarios };
  const verdict = judge({ plan, trials: [], skipped: [{ scenario: watchSilentDeath.name, reason: 'no etcd' }] });
  expect([verdict.decision, verdict.because]).toEqual(['skipped', expect.stringContaining('no etcd')]);
});
