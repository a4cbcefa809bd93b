/** `gatecrash history list`: the newest runs. */
import { openHistory } from '../../store/history/open-history.ts';
import { type StoredRun, listRuns } from '../../store/history/read-runs.ts';
import { told } from '../../store/history/sqlite-errors.ts';
import { csv } from '../../reporters/csv.ts';
import { plain } from '../../reporters/plain.ts';
import { decisionSign, decisionWord } from '../../reporters/words.ts';
import { type HistoryAction, formatOf, mustExist } from './action.ts';

const usual = 20;

export const list: HistoryAction = {
  words: 0,
  prepare(asked) {
    mustExist(asked);
    const { options, mistakes, file } = asked;
    const format = formatOf(asked, ['text', 'json', 'csv']);
    const limit = options.limit === undefined ? usual : mistakes.whole('--limit', options.limit, 1);
    return async () => {
      const runs = read(file, limit ?? usual);
      if (format === 'json') process.stdout.write(`${JSON.stringify(runs, null, 2)}\n`);
      else if (format === 'csv') process.stdout.write(csv(columns, runs.map(cells)));
      else process.stdout.write(`${table(runs)}\n`);
      return 0;
    };
  },
};

function read(file: string, limit: number): readonly StoredRun[] {
  using database = openHistory(file);
  try {
    return listRuns(database, limit);
  } catch (error) {
    throw told(error, file);
  }
}

const columns = ['number', 'id', 'started', 'kind', 'night', 'pair', 'stable', 'canary', 'decision', 'because', 'seed', 'commit', 'host', 'folder']; // prettier-ignore

function cells(run: StoredRun): readonly (string | number | null)[] {
  const { number, id, startedAt, kind, night, pair, stable, canary, decision, because } = run;
  return [
    number,
    id,
    startedAt,
    kind,
    night,
    pair,
    stable,
    canary,
    decision,
    because,
    run.seed,
    run.git,
    run.hostClass,
    run.folder,
  ];
}

function table(runs: readonly StoredRun[]): string {
  if (runs.length === 0) return 'no run yet';
  return runs
    .map(({ number, startedAt, kind, pair, decision }) => {
      const when = startedAt.slice(0, 16).replace('T', ' ');
      const said = `${decisionSign[decision]} ${decisionWord[decision]}`;
      return `${String(number).padStart(5)}  ${when}  ${kind.padEnd(7)}  ${said.padEnd(16)}  ${plain(pair)}`;
    })
    .join('\n');
}
