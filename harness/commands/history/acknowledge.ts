/** `gatecrash history acknowledge <alarm>`: what it showed is the new normal. */
import { UsageError } from '../../model/errors.ts';
import { acknowledge as write, readAlarms } from '../../store/history/alarms.ts';
import { openHistory } from '../../store/history/open-history.ts';
import { told } from '../../store/history/sqlite-errors.ts';
import { type HistoryAction, mustExist } from './action.ts';

export const acknowledge: HistoryAction = {
  words: 1,
  prepare(asked) {
    mustExist(asked);
    const { words, options, mistakes, file } = asked;
    const [word] = words;
    if (word === undefined) mistakes.add('name the alarm by its number; gatecrash history trend shows it');
    const id = word === undefined ? undefined : mistakes.whole('the number of the alarm', word, 1);
    return async () => {
      using database = openHistory(file);
      try {
        const known = readAlarms(database).map((alarm) => alarm.id);
        if (id === undefined || !write(database, id, options.note ?? ''))
          throw new UsageError([`there is no alarm ${word}; known: ${known.join(', ') || 'none'}`]);
      } catch (error) {
        throw told(error, file);
      }
      process.stdout.write(`alarm ${id} is acknowledged: its series begins a new segment\n`);
      return 0;
    };
  },
};
