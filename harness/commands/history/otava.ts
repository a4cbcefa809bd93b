/** Series in the form that apache/otava reads: https://github.com/apache/otava/blob/master/docs/CSV.md */
import type { Series, SeriesPoint } from '../../model/run-record.ts';
import type { Mistakes } from '../mistakes.ts';

/**
 * One test: the metrics of one scenario and pair, a row a run, with the ratio of canary over stable of the same night and
 * the value of stable itself. Otava refuses empty cells, so a run that lacks one of the metrics has no row.
 */
export function otavaCsv(all: readonly Series[], mistakes: Mistakes): string {
  const tests = new Set(all.map(({ pair, scenario }) => `${pair}\n${scenario}`));
  if (tests.size > 1)
    mistakes.add(`otava reads one test a file, and these are ${tests.size}: choose with --pair and --scenario`);
  mistakes.throwIfAny();
  const names = all.map(({ metric }) => metric);
  const head = ['time', 'commit', ...names, ...names.map((name) => `stable.${name}`)];
  const runs = all[0]?.points ?? [];
  const rows = runs.flatMap((run) => {
    const points = all.flatMap(({ points }) => points.find((point) => point.run === run.run) ?? []);
    if (points.length < all.length) return [];
    return [[timeOf(run), (run.git ?? run.canary).replaceAll(/[,'"\s]/g, '_'), ...numbers(points)]];
  });
  return [head, ...rows].map((row) => `${row.join(',')}\n`).join('');
}

function numbers(points: readonly SeriesPoint[]): readonly string[] {
  const ratios = points.map(({ contrast }) => Math.exp(contrast).toPrecision(6));
  return [...ratios, ...points.map(({ stableValue }) => String(stableValue))];
}

/** `2024-01-01 02:00:00 +0000`. */
function timeOf({ startedAt }: SeriesPoint): string {
  return `${startedAt.slice(0, 19).replace('T', ' ')} +0000`;
}
