/** `gatecrash judge`: decides again from stored evidence. */
import type { Command } from 'commander';
import { judge as decide } from '../judge/judge.ts';
import { exitCodeOf } from '../model/exit-codes.ts';
import { readEvidence } from '../store/read-evidence.ts';
import { Mistakes } from './mistakes.ts';
import { runFolderNamed } from './run-named.ts';
import { saveVerdict, showVerdict } from './verdict-output.ts';

export async function judge(name: string, options: { readonly json?: boolean }, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 1);
  const folder = runFolderNamed(name, mistakes);
  mistakes.throwIfAny();
  const evidence = readEvidence(folder);
  const verdict = decide(evidence);
  saveVerdict(folder, verdict);
  showVerdict(folder, verdict, options.json ?? false);
  return exitCodeOf(verdict.decision);
}
