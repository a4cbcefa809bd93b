/** Trends of more nights than anybody will see: pages stay small, and no peak is lost. */
import { expect, it } from 'vitest';
import { trendsPage } from '../../../harness/reporters/live/history-pages.ts';
import { trendSection } from '../../../harness/reporters/html/trend-section.ts';
import type { ShownSeries } from '../../../harness/reporters/trend-words.ts';
import { point } from '../../support/history.ts';

const nights = 100_000;
const peak = { at: 54_321, contrast: Math.log(9) };

const long: ShownSeries = {
  series: {
    pair: 'next',
    scenario: 'none',
    metric: 'latency-p99',
    points: Array.from({ length: nights }, (_, i) => ({
      ...point(i === peak.at ? peak.contrast : 0.001 * (i % 7)),
      run: i + 1,
      runId: `night-${i}`,
      startedAt: '2026-01-01T02:00:00.000Z',
      stable: 'reference@.',
      canary: 'reference@.',
      git: null,
      decision: 'safe',
    })),
  },
  alarms: [],
  threshold: 730,
  trends: [],
};

it('on the page of trends 100 000 nights are a line that still has its one peak', () => {
  const page = trendsPage([long]);
  expect(page.length).toBeLessThan(60_000);
  const [, ratio = ''] = /<path d="([^"]+)"/.exec(page) ?? [];
  const heights = ratio.split(/[ML]/).slice(1).map((place) => Number(place.split(' ')[1])); // prettier-ignore
  // The largest is at the top, and all others at the bottom.
  expect(heights.filter((y) => y === 0)).toHaveLength(1);
  expect(heights.every((y) => y === 0 || y > 55)).toBe(true);
});

it('in a report they take so little that twelve such series leave it below 2 MB', () => {
  expect(trendSection([long]).markup.length).toBeLessThan(33_000);
});
