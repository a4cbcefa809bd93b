/** What every action of `gatecrash history` is. */
import { existsSync } from 'node:fs';
import type { Mistakes } from '../mistakes.ts';

export interface HistoryOptions {
  readonly history?: string;
  readonly limit?: string;
  readonly pair?: string;
  readonly scenario?: string;
  readonly metric?: string;
  readonly nightsBetweenAlarms?: string;
  readonly note?: string;
  readonly format?: string;
  readonly json?: boolean;
}

export interface Asked {
  readonly words: readonly string[];
  readonly options: HistoryOptions;
  readonly mistakes: Mistakes;
  /** The database. */
  readonly file: string;
}

export interface HistoryAction {
  /** How many words follow it. */
  readonly words: number | 'many';
  /** Notes every mistake; what it returns is run when there was none, and resolves with the exit code. */
  prepare(asked: Asked): () => Promise<number>;
}

export const defaultHistory = 'runs/history.db';

/** Reading makes no file. */
export function mustExist({ file, mistakes }: Asked): void {
  if (!existsSync(file))
    mistakes.add(`there is no history at ${file}; gatecrash nightly, canary --history and history import write one`);
}

/** One of the formats; `--json` is one of them. */
export function formatOf<F extends string>({ options, mistakes }: Asked, known: readonly F[]): F | undefined {
  const { format, json } = options;
  if (json === true && format !== undefined && format !== 'json')
    mistakes.add('--json and --format exclude each other');
  const wanted = json === true ? 'json' : (format ?? 'text');
  const found = known.find((each) => each === wanted);
  if (found === undefined) mistakes.add(`--format "${wanted}" is not known here; known: ${known.join(', ')}`);
  return found;
}
