/** `gatecrash history`: what was found over the nights. */
import type { Command } from 'commander';
import { unknownWord } from '../model/nearest.ts';
import { type HistoryAction, type HistoryOptions, defaultHistory } from './history/action.ts';
import { acknowledge } from './history/acknowledge.ts';
import { importRuns } from './history/import-runs.ts';
import { list } from './history/list.ts';
import { show } from './history/show.ts';
import { trend } from './history/trend.ts';
import { Mistakes } from './mistakes.ts';

const actions: Readonly<Record<string, HistoryAction>> = { list, show, trend, import: importRuns, acknowledge };

export async function history(
  word: string | undefined,
  _words: readonly string[],
  options: HistoryOptions,
  command: Command,
): Promise<number> {
  const mistakes = new Mistakes();
  // A flag that is not known stands where the action would.
  const named = word !== undefined && !word.startsWith('-');
  const action = actions[named ? word : 'list'];
  const flag = command.args.findIndex((arg) => arg.startsWith('-'));
  const leading = (flag === -1 ? command.args.length : flag) - (named ? 1 : 0);
  const most = action?.words === 'many' ? leading : Math.min(leading, action?.words ?? leading);
  const first = named ? 1 : 0;
  mistakes.addUnknownArguments(command, first + most);
  if (action === undefined) mistakes.add(unknownWord('action', word ?? '', Object.keys(actions)));
  const file = options.history ?? defaultHistory;
  const words = command.args.slice(first, first + most);
  const ready = action?.prepare({ words, options, mistakes, file });
  mistakes.throwIfAny('gatecrash history --help shows every flag');
  if (ready === undefined) throw new Error('mistakes were thrown above');
  return ready();
}
