/** Rivals on a whole session: what they are fed, and that they say of the twin what they say of the canary. */
import { describe, expect, it } from 'vitest';
import { askRivals } from '../../../../harness/judge/rivals/index.ts';
import { recorded } from '../../../../harness/judge/rivals/recorded.ts';
import type { RivalVerdict } from '../../../../harness/model/rivals.ts';
import { renderRivals } from '../../../../harness/reporters/rivals.ts';
import { routeFlood } from '../../../../scenarios/routes/route-flood.ts';
import { none } from '../../../../scenarios/steady/none.ts';
import { evidence, trial } from '../../../support/evidence.ts';

const names = ['kayenta', 'flagger', 'argo', 'keptn', 'welch', 'mann-whitney'];
const decisions = (all: readonly RivalVerdict[], arm: 'canary' | 'twin'): readonly string[] =>
  all.map((each) => each[arm].decision);

describe('rivals on a session', () => {
  it('all pass a canary that is as stable', () => {
    const all = askRivals(evidence([none, routeFlood], 3));
    expect(all.map(({ rival }) => rival)).toEqual(names);
    expect(new Set([...decisions(all, 'canary'), ...decisions(all, 'twin')])).toEqual(new Set(['pass']));
  });

  it('fail a canary eight times slower, but for those with a fixed limit that it keeps', () => {
    const all = askRivals(evidence([none], 3, (arm, block) => ({ p99Ms: (arm === 'canary' ? 40 : 5) + block / 10 })));
    const found = all.filter(({ canary }) => canary.decision === 'fail').map(({ rival }) => rival);
    expect(found).toEqual(['kayenta', 'keptn', 'welch', 'mann-whitney']);
    expect(new Set(decisions(all, 'twin'))).toEqual(new Set(['pass']));
  });

  it('raise a false alarm over a twin that was deployed a little slower, which is no other build', () => {
    const all = askRivals(evidence([none], 3, (arm, block) => ({ p99Ms: (arm === 'twin' ? 5.6 : 5) + block / 100 })));
    const alarmed = all.filter(({ twin }) => twin.decision === 'fail').map(({ rival }) => rival);
    expect(alarmed).toEqual(['kayenta', 'keptn', 'welch', 'mann-whitney']);
  });

  it('get a point for each second since the fault began, and each trial once', () => {
    const of = recorded('latency-p99', [trial(none, 1, 'canary', { p99Ms: 9 }), trial(none, 2, 'canary')]);
    expect(of.points).toEqual([...Array.from({ length: 7 }, () => 9), ...Array.from({ length: 7 }, () => 5)]);
    expect(of.trials.map(Math.round)).toEqual([9, 5]);
    const delays = recorded('write-visible-delay', [trial(none, 1, 'canary', { delayMs: 33 })]);
    expect(new Set(delays.points)).toEqual(new Set([33]));
    expect(delays.points).toHaveLength(22);
    // A metric that a trial has once is all that they get of it.
    expect(recorded('cpu-per-request', [trial(none, 1, 'canary', { cpuMicros: 200 })]).points).toHaveLength(1);
  });

  it('leave out blocks that were no experiments, and say no-data of none', () => {
    const all = askRivals(evidence([none], 3, () => ({ state: 'invalid', reason: 'etcd died' })));
    expect(new Set(decisions(all, 'canary'))).toEqual(new Set(['no-data', 'fail']));
    expect(all.find(({ rival }) => rival === 'kayenta')?.canary).toEqual({ decision: 'fail', why: 'none: score 0' });
  });

  it('have nothing to compare in a run of one build', () => {
    const { plan, trials } = evidence([none], 1);
    const alone = plan.scenarios.map((each) => ({ ...each, blocks: each.blocks.map((b) => ({ ...b, order: ['canary'] as const })) })); // prettier-ignore
    expect(askRivals({ plan: { ...plan, scenarios: alone }, trials })).toEqual([]);
    expect(renderRivals([])).toContain('nothing that a rival could compare');
  });

  it('are shown as a table of what each says, with its rule', () => {
    const text = renderRivals(askRivals(evidence([none], 3)));
    for (const name of names) expect(text).toMatch(new RegExp(`^${name} +pass`, 'm'));
    expect(text).toContain('more than 0 failures fail');
  });
});
