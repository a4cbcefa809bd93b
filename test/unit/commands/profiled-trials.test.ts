/** What is driven once more for CPU profiles, and what never is. */
import { describe, expect, it } from 'vitest';
import { profiledTrials } from '../../../harness/commands/profiled-trials.ts';
import { judge } from '../../../harness/judge/judge.ts';
import { type Plan, trialFolder } from '../../../harness/model/plan.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { type Shape, evidence } from '../../support/evidence.ts';

function folders(
  shape: Partial<Shape>,
  when: Parameters<typeof profiledTrials>[2],
  edit = (plan: Plan): Plan => plan,
): readonly string[] {
  // prettier-ignore
  const tried = evidence([watchSilentDeath, routeFlood], 5, (arm) => (arm === 'canary' ? shape : {}));
  return profiledTrials(edit(tried.plan), judge(tried), when).map(trialFolder);
}

const slow = { p99Ms: 90 };
const flood = ['profiles/route-flood-1-stable', 'profiles/route-flood-1-canary'];
const all = ['profiles/watch-silent-death-1-stable', 'profiles/watch-silent-death-1-canary', ...flood];

describe('trials for CPU profiles', () => {
  it('are of stable and canary, apart from the evidence, where the canary became slower', () => {
    expect(folders(slow, 'regression')).toEqual(flood);
  });

  it('are none where nothing regressed, or what regressed has other causes than processor time', () => {
    expect(folders({}, 'regression')).toEqual([]);
    expect(folders({ lost: 7, convergedMs: undefined }, 'regression')).toEqual([]);
  });

  it('are of every scenario, or of none, when that is wanted', () => {
    expect(folders({}, 'always')).toEqual(all);
    expect(folders(slow, 'never')).toEqual([]);
  });

  it('are only of arms that the plan has', () => {
    const alone = (plan: Plan): Plan => ({
      ...plan,
      scenarios: plan.scenarios.map((one) => ({
        ...one,
        blocks: one.blocks.map((b) => ({ ...b, order: ['canary'] })),
      })),
    });
    expect(folders({}, 'always', alone)).toEqual([all[1], all[3]]);
  });
});
