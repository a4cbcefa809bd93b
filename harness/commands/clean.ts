/** `gatecrash clean`: ends and removes what killed runs left behind, found by label and journal. */
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { connectEngine, engineMayBeThere } from '../containers/engine.ts';
import { type LeftContainer, removeOfRuns } from '../containers/leftovers.ts';
import { HarnessError } from '../model/errors.ts';
import { leftGroups, removed } from '../runtimes/kernel-group.ts';
import { type Leftover, alive, end, labelled } from '../runtimes/residue.ts';
import { Mistakes } from './mistakes.ts';

/** Killed processes must be gone within this time. Milliseconds. */
const goneWithinMs = 5_000;

export interface CleanOptions {
  readonly run?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Without `--all`, runs whose harness still lives are left alone. */
export async function clean(options: CleanOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  mistakes.throwIfAny();
  const mine = (runId: string): boolean => options.run === undefined || options.run === runId;
  const mayEnd = (runId: string): boolean => mine(runId) && (options.all === true || !harnessLives(runId));
  const removed = await removeLeftovers(mayEnd);
  const left = labelled().filter(({ runId }) => mine(runId) && !mayEnd(runId));
  report(removed, left, options.json ?? false);
  return 0;
}

export interface Removed {
  readonly ended: readonly Leftover[];
  /** And networks of them. */
  readonly containers: readonly LeftContainer[];
  /** Of data, and of the kernel's groups. */
  readonly folders: readonly string[];
}

/** Ends the processes and removes the containers and the data folders of the runs that may be ended. */
export async function removeLeftovers(mayEnd: (runId: string) => boolean): Promise<Removed> {
  const ended = labelled().filter(({ runId }) => mayEnd(runId));
  for (const leftover of ended) end(leftover);
  const containers = await removeContainers(mayEnd);
  await gone(ended);
  const groups = leftGroups().filter(({ runId, group }) => mayEnd(runId) && removed(group));
  const scratch = scratchFolders()
    .filter(({ runId }) => mayEnd(runId))
    .map(({ folder }) => folder);
  for (const folder of scratch) rmSync(folder, { recursive: true, force: true });
  return { ended, containers, folders: [...scratch, ...groups.map(({ group }) => group)] };
}

/** None where no engine answers: then there is nobody who could remove them, and nothing of theirs runs. */
async function removeContainers(mayEnd: (runId: string) => boolean): Promise<readonly LeftContainer[]> {
  if (!engineMayBeThere()) return [];
  const engine = await connectEngine().catch(() => undefined);
  return engine === undefined ? [] : removeOfRuns(engine, mayEnd);
}

/** A run's id ends in the pid of its harness; a pid that was used again is told apart by its command. */
export function harnessLives(runId: string): boolean {
  const pid = Number(runId.split('-').at(-1));
  if (!Number.isInteger(pid) || !alive(pid)) return false;
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('cli.');
}

/** Data folders of runs: `<tmp>/gatecrash-<run id>-<random>`. */
function scratchFolders(): readonly { readonly folder: string; readonly runId: string }[] {
  return globSync(path.join(tmpdir(), 'gatecrash-*')).flatMap((folder) => {
    const runId = /^gatecrash-(\d{8}-\d{6}-\d+)-\w{6}$/.exec(path.basename(folder))?.[1];
    return runId === undefined ? [] : [{ folder, runId }];
  });
}

async function gone(ended: readonly Leftover[]): Promise<void> {
  const deadline = performance.now() + goneWithinMs;
  while (ended.some(({ pid }) => alive(pid))) {
    if (performance.now() > deadline) {
      const left = ended.filter(({ pid }) => alive(pid)).map(({ pid, command }) => `${pid} ${command}`);
      throw new HarnessError('RESIDUE', `these did not end:\n${left.join('\n')}`);
    }
    await sleep(10);
  }
}

function report({ ended, containers, folders }: Removed, left: readonly Leftover[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ ended, containers, scratch: folders, left }, null, 2)}\n`);
    return;
  }
  for (const { pid, runId, command } of ended) process.stdout.write(`ended ${pid} of run ${runId}: ${command}\n`);
  for (const { kind, name, runId } of containers) process.stdout.write(`removed ${kind} ${name} of run ${runId}\n`);
  for (const folder of folders) process.stdout.write(`removed ${folder}\n`);
  if (left.length > 0)
    process.stdout.write(`${left.length} processes belong to runs that are under way; --all ends them too\n`);
  if (ended.length + containers.length + folders.length === 0) process.stdout.write('nothing to clean\n');
}
