/** `gatecrash judge`: decides again from stored evidence. */
import type { Command } from 'commander';
import { judge as decide } from '../judge/judge.ts';
import { askRivals } from '../judge/rivals/index.ts';
import { exitCodeOf } from '../model/exit-codes.ts';
import { renderRivals } from '../reporters/rivals.ts';
import { Mistakes } from './mistakes.ts';
import { runFolderNamed } from './run-named.ts';
import { readRun } from './read-run.ts';
import { saveVerdict, showVerdict } from './verdict-output.ts';

export interface JudgeOptions {
  readonly json?: boolean;
  /** Also what other judges would have said. They never move the verdict or the exit code. */
  readonly rivals?: boolean;
}

export async function judge(name: string, options: JudgeOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 1);
  const folder = runFolderNamed(name, mistakes);
  mistakes.throwIfAny();
  const evidence = readRun(folder);
  const verdict = decide(evidence);
  saveVerdict(folder, verdict);
  const json = options.json ?? false;
  if (options.rivals !== true) showVerdict(folder, verdict, json);
  else if (json) process.stdout.write(`${JSON.stringify({ verdict, rivals: askRivals(evidence) }, null, 2)}\n`);
  else {
    showVerdict(folder, verdict, false);
    process.stdout.write(`\n${renderRivals(askRivals(evidence))}\n`);
  }
  return exitCodeOf(verdict.decision);
}
