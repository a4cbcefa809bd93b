/** `gatecrash history show <run>`: what the history knows of one run. */
import { unknownWord } from '../../model/nearest.ts';
import { plain } from '../../reporters/plain.ts';
import { decisionSign, decisionWord } from '../../reporters/words.ts';
import { openHistory } from '../../store/history/open-history.ts';
import { type WholeRun, readRun, runIds } from '../../store/history/read-runs.ts';
import { told } from '../../store/history/sqlite-errors.ts';
import { type HistoryAction, formatOf, mustExist } from './action.ts';
import { UsageError } from '../../model/errors.ts';

export const show: HistoryAction = {
  words: 1,
  prepare(asked) {
    mustExist(asked);
    const format = formatOf(asked, ['text', 'json']);
    const [name = 'latest'] = asked.words;
    return async () => {
      const run = read(asked.file, name);
      process.stdout.write(format === 'json' ? `${JSON.stringify(run, null, 2)}\n` : `${text(run)}\n`);
      return 0;
    };
  },
};

function read(file: string, name: string): WholeRun {
  using database = openHistory(file);
  try {
    const run = readRun(database, name);
    if (run !== undefined) return run;
    const known = runIds(database);
    throw new UsageError([known.length === 0 ? `${file} holds no run` : unknownWord('run', name, known)]);
  } catch (error) {
    throw told(error, file);
  }
}

function text(run: WholeRun): string {
  const invalid = run.trials.filter(({ state }) => state !== 'completed');
  const facts: readonly (readonly [string, string])[] = [
    ['run', `${run.number}, ${run.id}`],
    ['started', run.startedAt],
    ['pair', run.pair],
    ['stable', run.stable],
    ['canary', run.canary],
    ['commit', run.git ?? 'none'],
    ['host', `${run.hostClass}, node ${run.node}, etcd ${run.etcd}`],
    ['trials', `${run.trials.length}, ${invalid.length} of them no experiment`],
    ['evidence', run.folder],
  ];
  return [
    `${decisionSign[run.decision]} ${decisionWord[run.decision]}`,
    plain(run.because),
    '',
    ...facts.map(([name, value]) => `${name.padEnd(8)}  ${plain(value)}`),
    '',
    ...run.findings.map(({ scenario, subject, decision, estimate }) => {
      const ratio = estimate === null ? '' : `  ${estimate}×`;
      return `${plain(scenario)}  ${plain(subject).padEnd(20)}  ${decisionWord[decision]}${ratio}`;
    }),
    ...invalid.map(({ scenario, block, arm, state, reason }) =>
      plain(`${scenario} block ${block} ${arm}: ${state}: ${reason ?? 'no reason was recorded'}`),
    ),
  ].join('\n');
}
