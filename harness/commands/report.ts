/** `gatecrash report`: renders a stored run again, in the formats asked for. */
import type { Command } from 'commander';
import { judge } from '../judge/judge.ts';
import { unknownWord } from '../model/nearest.ts';
import { reporters } from '../reporters/index.ts';
import { Mistakes } from './mistakes.ts';
import { readRun } from './read-run.ts';
import { runFolderNamed } from './run-named.ts';
import { writeReports } from './verdict-output.ts';

export async function report(name: string, options: { readonly format?: string }, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 1);
  const folder = runFolderNamed(name, mistakes);
  const known = reporters.map((reporter) => reporter.name);
  const formats = (options.format ?? 'html').split(',').map((format) => format.trim());
  for (const format of formats) if (!known.includes(format)) mistakes.add(unknownWord('format', format, known));
  mistakes.throwIfAny();
  const verdict = judge(readRun(folder));
  for (const file of writeReports(folder, verdict, formats)) process.stdout.write(`${file}\n`);
  return 0;
}
