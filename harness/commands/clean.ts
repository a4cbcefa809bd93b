/** `gatecrash clean`: ends and removes what killed runs left behind, found by label. Runs that are under way are left alone. */
import { globSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { connectEngine, engineMayBeThere } from '../containers/engine.ts';
import { type LeftContainer, removeOfRuns } from '../containers/leftovers.ts';
import { HarnessError } from '../model/errors.ts';
import { harnessLives, harnessOf } from '../runtimes/harness-of.ts';
import { leftGroups, removed } from '../runtimes/kernel-group.ts';
import { type Leftover, alive, end, labelled } from '../runtimes/residue.ts';
import { Mistakes } from './mistakes.ts';

/** Killed processes must be gone within this time. Milliseconds. */
const goneWithinMs = 5_000;
/** A harness that is interrupted heals, and ends what it has started; later than this it is ended itself. Milliseconds. */
const healedWithinMs = 60_000;

export interface CleanOptions {
  readonly run?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Runs whose harness still lives are left alone, unless they are named or all are meant. */
export async function clean(options: CleanOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  mistakes.throwIfAny();
  const { run, all = false, json = false } = options;
  const asked = all || run !== undefined;
  const meant = (runId: string): boolean => run === undefined || run === runId;
  const mayEnd = (runId: string): boolean => meant(runId) && (asked || !harnessLives(runId));
  const interrupted = asked ? await interruptHarnesses(underWay(meant)) : [];
  const removed = await removeLeftovers(mayEnd);
  const told = { interrupted, ...removed, underWay: asked ? [] : underWay(meant) };
  if (json) process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  else process.stdout.write(`${[...linesOf(told)].join('\n')}\n`);
  return 0;
}

interface RunUnderWay {
  readonly runId: string;
  /** Of the harness. */
  readonly pid: number | undefined;
  readonly processes: readonly Leftover[];
}

function underWay(meant: (runId: string) => boolean): readonly RunUnderWay[] {
  const byRun = Map.groupBy(labelled(), ({ runId }) => runId);
  return [...byRun]
    .filter(([runId]) => meant(runId) && harnessLives(runId))
    .map(([runId, processes]) => ({ runId, pid: harnessOf(runId), processes }));
}

/**
 * So that they heal and end by themselves, as at Ctrl-C: what is only taken from under a harness, it starts again. Gives the
 * runs whose harness there was to interrupt; rejects when one outlives its end.
 */
async function interruptHarnesses(runs: readonly RunUnderWay[]): Promise<readonly RunUnderWay[]> {
  const interrupted = runs.filter(({ pid }) => pid !== undefined);
  const pids = [...new Set(interrupted.flatMap(({ pid }) => pid ?? []))];
  for (const pid of pids) end({ pid }, 'SIGINT');
  const deadline = performance.now() + healedWithinMs;
  while (pids.some(alive) && performance.now() < deadline) await sleep(20);
  for (const { runId, pid } of interrupted) if (pid !== undefined && harnessOf(runId) === pid) end({ pid });
  await gone(pids.map((pid) => ({ pid, command: 'a harness' })));
  return interrupted;
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

/** Data folders of runs: `<tmp>/gatecrash-<run id>-<random>`. */
function scratchFolders(): readonly { readonly folder: string; readonly runId: string }[] {
  return globSync(path.join(tmpdir(), 'gatecrash-*')).flatMap((folder) => {
    const runId = /^gatecrash-(\d{8}-\d{6}-\d+)-\w{6}$/.exec(path.basename(folder))?.[1];
    return runId === undefined ? [] : [{ folder, runId }];
  });
}

async function gone(ended: readonly Pick<Leftover, 'pid' | 'command'>[]): Promise<void> {
  const deadline = performance.now() + goneWithinMs;
  while (ended.some(({ pid }) => alive(pid))) {
    if (performance.now() > deadline) {
      const left = ended.filter(({ pid }) => alive(pid)).map(({ pid, command }) => `${pid} ${command}`);
      throw new HarnessError('RESIDUE', `these did not end:\n${left.join('\n')}`);
    }
    await sleep(10);
  }
}

interface Cleaned extends Removed {
  readonly interrupted: readonly RunUnderWay[];
  /** Left alone. */
  readonly underWay: readonly RunUnderWay[];
}

function* linesOf({ interrupted, ended, containers, folders, underWay }: Cleaned): Generator<string> {
  for (const { runId, pid } of interrupted) yield `interrupted process ${pid}, the harness of run ${runId}`;
  for (const { pid, runId, command } of ended) yield `ended ${pid} of run ${runId}: ${command}`;
  for (const { kind, name, runId } of containers) yield `removed ${kind} ${name} of run ${runId}`;
  for (const folder of folders) yield `removed ${folder}`;
  for (const { runId, pid, processes } of underWay) {
    const whose = pid === undefined ? 'its harness lives' : `process ${pid} is its harness`;
    yield `left alone ${processes.length} processes of run ${runId}, which is under way (${whose})`;
    yield `  gatecrash clean --run ${runId} interrupts and ends it, --all every run`;
  }
  if (interrupted.length + ended.length + containers.length + folders.length === 0) yield 'nothing to clean';
}
