/** `gatecrash history trend`: the series of metrics, and whether they drift. */
import { openHistory } from '../../store/history/open-history.ts';
import { told } from '../../store/history/sqlite-errors.ts';
import { csv } from '../../reporters/csv.ts';
import { trendLines } from '../../reporters/trend-words.ts';
import { type Asked, type HistoryAction, formatOf, mustExist } from './action.ts';
import { otavaCsv } from './otava.ts';
import { type Watched, usualNightsBetweenAlarms, watched } from './trends.ts';

export const trend: HistoryAction = {
  words: 0,
  prepare(asked) {
    mustExist(asked);
    const { options, mistakes, file } = asked;
    const format = formatOf(asked, ['text', 'json', 'csv', 'otava']);
    const nights = nightsOf(asked);
    const filter = { pair: options.pair, scenario: options.scenario, metric: options.metric };
    return async () => {
      using database = openHistory(file);
      try {
        const found = watched(database, nights, filter);
        if (format === 'json') process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
        else if (format === 'csv') process.stdout.write(csv(columns, found.flatMap(rows)));
        else if (format === 'otava')
          process.stdout.write(
            otavaCsv(
              found.map(({ series }) => series),
              mistakes,
            ),
          );
        else process.stdout.write(`${textOf(found)}\n`);
        return 0;
      } catch (error) {
        throw told(error, file);
      }
    };
  },
};

function nightsOf({ options, mistakes }: Asked): number {
  const { nightsBetweenAlarms: text } = options;
  if (text === undefined) return usualNightsBetweenAlarms;
  return mistakes.whole('--nights-between-alarms', text, 1) ?? usualNightsBetweenAlarms;
}

function textOf(found: readonly Watched[]): string {
  if (found.length === 0) return 'no series: no run with three arms and a metric is in the history';
  return found.flatMap(trendLines).join('\n');
}

const columns = ['pair', 'scenario', 'metric', 'run', 'started', 'commit', 'stable', 'canary', 'decision', 'blocks', 'contrast', 'ratio', 'stable_value', 'canary_value', 'level', 'twin_sd', 'version_evidence', 'environment_evidence']; // prettier-ignore

function rows({ series: { pair, scenario, metric, points }, trends }: Watched): (string | number | null)[][] {
  return points.map((point, i) => [
    pair,
    scenario,
    metric,
    point.runId,
    point.startedAt,
    point.git,
    point.stable,
    point.canary,
    point.decision,
    point.blocks,
    point.contrast,
    Math.exp(point.contrast),
    point.stableValue,
    point.canaryValue,
    point.level,
    point.twinSd,
    ...trends.map(({ evidence }) => evidence[i] ?? null),
  ]);
}
