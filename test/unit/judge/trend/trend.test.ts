import { describe, expect, it } from 'vitest';
import {
  environmentTrend,
  firstSegment,
  seenAgain,
  segmentOf,
  thresholdFor,
  versionTrend,
} from '../../../../harness/judge/trend/trend.ts';
import { learningNights } from '../../../../harness/judge/trend/scores.ts';
import type { SeriesPoint } from '../../../../harness/model/run-record.ts';
import type { StoredAlarm } from '../../../../harness/model/trend-alarm.ts';
import { gaussian } from '../../../support/gaussian.ts';

const [trialSd, blocks] = [0.2, 3];
const threshold = thresholdFor(365, 1);

/** Nights of a metric whose trials have that spread; shifts by night are on the scale of y. */
function nights(
  seed: number,
  count: number,
  {
    canary = () => 0,
    stable = () => 0,
  }: { canary?: (night: number) => number; stable?: (night: number) => number } = {},
): SeriesPoint[] {
  const random = gaussian(seed);
  const mean = (): number => Array.from({ length: blocks }, random).reduce((a, b) => a + b, 0) / blocks;
  return Array.from({ length: count }, (_, night) => {
    const [lab, c, s, t] = [0.1 * random() + stable(night), mean(), mean(), mean()];
    return {
      run: night + 1,
      runId: `r${night}`,
      startedAt: `2026-01-${night + 1}`,
      git: null,
      decision: 'safe' as const,
      stable: 'a',
      canary: 'b',
      scenario: 'none',
      metric: 'write-visible-delay',
      contrast: trialSd * (c - (s + t) / 2) + canary(night),
      level: lab + (trialSd * (s + t)) / 2,
      twinSd: trialSd,
      blocks,
      stableValue: 1,
      canaryValue: 1,
    };
  });
}

const alarm: StoredAlarm = {
  id: 1,
  run: 12,
  since: 9,
  pair: 'p',
  scenario: 'none',
  metric: 'write-visible-delay',
  drift: 'version',
  state: 'confirmed',
  evidence: 900,
  threshold,
  shift: 0.5,
  acknowledged: { afterRun: 14, note: '' },
};

describe('version drift', () => {
  it('of nothing stays below the threshold for a year in most series', () => {
    const rang = Array.from({ length: 60 }, (_, seed) => versionTrend(nights(seed, 365), threshold).alarm);
    expect(rang.filter((each) => each !== undefined).length).toBeLessThan(18);
  });

  it('of 50 % from the eighth night on is told within a week, and placed', () => {
    const found = Array.from({ length: 40 }, (_, seed) => {
      return versionTrend(nights(seed, 14, { canary: (night) => (night >= 7 ? Math.log(1.5) : 0) }), threshold).alarm;
    });
    const told = found.filter((each) => each !== undefined);
    expect(told.length).toBeGreaterThan(34);
    expect(told.filter(({ since }) => Math.abs(since - 7) <= 1).length).toBeGreaterThan(0.8 * told.length);
    expect(told[0]?.shift).toBeGreaterThan(0.2);
  });

  it('does not follow the lab, which moves all arms alike', () => {
    const moved = nights(3, 60, { stable: (night) => (night >= 20 ? 1 : 0) });
    expect(versionTrend(moved, threshold).alarm).toBeUndefined();
  });

  it('that gets better is no alarm', () => {
    expect(versionTrend(nights(4, 60, { canary: () => -1 }), threshold).alarm).toBeUndefined();
  });

  it('that was acknowledged is the new normal, and a further one is told', () => {
    const points = nights(5, 60, { canary: (night) => (night < 8 ? 0 : night < 40 ? 0.5 : 1.2) });
    const segment = segmentOf(points, [alarm], 'version');
    expect(segment).toEqual({ since: 8, start: 14, from: 14 });
    const { evidence, alarm: next } = versionTrend(points, threshold, segment);
    expect(evidence.slice(0, 14)).toEqual(Array.from({ length: 14 }, () => null));
    expect(evidence).toHaveLength(points.length);
    expect(next?.at).toBeGreaterThanOrEqual(40);
    expect(next?.since).toBeGreaterThanOrEqual(39);
    expect(versionTrend(points.slice(0, 40), threshold, segment).alarm).toBeUndefined();
  });

  it('that went away when it was looked at again begins anew the night after', () => {
    const points = nights(6, 30);
    const gone: StoredAlarm = { ...alarm, run: 20, state: 'went-away', acknowledged: null };
    expect(segmentOf(points, [gone], 'version')).toEqual({ since: 0, start: 0, from: 20 });
    expect(versionTrend(points, threshold, segmentOf(points, [gone], 'version')).evidence[19]).toBeNull();
    expect(segmentOf(points, [gone], 'environment')).toEqual(firstSegment);
  });
});

describe('environment drift', () => {
  it('is not told before it has learnt what is normal', () => {
    const { evidence } = environmentTrend(nights(1, learningNights + 2), threshold);
    expect(evidence.map((value) => value === null)).toEqual([...Array(learningNights).fill(true), false, false]);
    expect(environmentTrend(nights(1, 4), threshold).evidence).toEqual([null, null, null, null]);
  });

  it.each([1, -1])('to the side %d is told', (side) => {
    const points = nights(2, 60, { stable: (night) => (night >= 30 ? side : 0) });
    const { alarm: found } = environmentTrend(points, threshold);
    expect(Math.abs((found?.since ?? 0) - 30)).toBeLessThanOrEqual(1);
    expect(Math.sign(found?.shift ?? 0)).toBe(side);
    expect(versionTrend(points, threshold).alarm).toBeUndefined();
  });

  it('of nothing is seldom told in a year, although its normal was learnt from ten nights', () => {
    const rang = Array.from({ length: 60 }, (_, seed) => environmentTrend(nights(seed, 365), threshold).alarm);
    expect(rang.filter((each) => each !== undefined).length).toBeLessThan(18);
  });
});

describe('looking again', () => {
  const points = nights(8, 20, { canary: (night) => (night >= 15 ? 0.6 : 0) });
  const crossing = { at: 19, since: 15, evidence: 999, shift: 0.6 };
  const again = (contrast: number): SeriesPoint => ({ ...(points[0] as SeriesPoint), contrast });

  it('sees it when at least half of the shift is there', () => {
    expect(seenAgain(crossing, points, again(0.5), 'version')).toBe(true);
    expect(seenAgain(crossing, points, again(0.05), 'version')).toBe(false);
  });
});

it('the threshold is shared by all series and both drifts', () => {
  expect(thresholdFor(365, 20)).toBe(365 * 20 * 2);
  expect(thresholdFor(365, 0)).toBe(730);
});
