/** `gatecrash clean` beside runs that are under way: it leaves them alone, says which, and ends the one that it is told to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { labelled } from '../../harness/runtimes/residue.ts';
import { runIdOf } from '../../harness/store/run-folder.ts';
import { gatecrash, runFolder, start, textOf } from '../support/cli.ts';
import { placeWith } from '../support/short-scenario.ts';
import { startTrialWorld } from '../support/trial-world.ts';

const within = { timeout: 60_000, interval: 20 };
/** A heal and the end of all that runs, on a busy host. Milliseconds. */
const longMs = 240_000;

function pidsOf(runId: string): readonly number[] {
  return labelled(runId).map(({ pid }) => pid);
}

test(
  'a run that is under way goes on, and is told with how to end it; named, it heals and ends as at a Ctrl-C',
  async () => {
    using run = runFolder();
    const { folder } = run;
    const { child, ended } = start(['run', 'watch-silent-death', '--gateway', 'reference@.', '--out', folder]);
    const trial = 'trials/watch-silent-death-1-canary';
    await expect.poll(() => textOf(folder, trial, 'history.ndjson'), within).toContain('"edge":"verified"');
    const runId = runIdOf(folder);
    const before = pidsOf(runId);
    const told = await gatecrash(['clean']);
    expect(told.code).toBe(0);
    expect(told.stdout).toContain(`of run ${runId}, which is under way (process ${child.pid} is its harness)`);
    expect(told.stdout).toContain(`gatecrash clean --run ${runId} interrupts and ends it`);
    expect(told.stdout).not.toContain(`ended ${before[0]} `);
    // The trial may have begun something meanwhile, and has lost nothing.
    expect(pidsOf(runId)).toEqual(expect.arrayContaining([...before]));
    expect(child.exitCode).toBeNull();

    const cleaned = await gatecrash(['clean', '--run', runId]);
    expect(cleaned.code, cleaned.stderr).toBe(0);
    expect(pidsOf(runId)).toEqual([]);
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining('everything was healed and ended')]);
    expect(textOf(folder, 'journal.ndjson')).toContain('"edge":"healed"');
  },
  longMs,
);

test(
  'a world whose harness is any other program, such as this test, is left alone too',
  async () => {
    await using trial = await startTrialWorld();
    const before = pidsOf(trial.runId);
    const { code, stdout } = await gatecrash(['clean']);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`of run ${trial.runId}, which is under way`)]);
    expect(pidsOf(trial.runId)).toEqual(before);
  },
  longMs,
);

test(
  'what is left of a run that came to its end fails it, by name, and clean ends that',
  async () => {
    using run = runFolder();
    using place = placeWith();
    const { folder } = run;
    const { ended } = start(['run', place.scenario, '--gateway', 'reference@.', '--trials', '1', '--out', folder]);
    await expect.poll(() => textOf(folder, 'journal.ndjson'), within).toContain('"kind":"process"');
    const runId = runIdOf(folder);
    // None of those that the run knows, and of the run by its label.
    const left = spawn('sleep', ['1000'], { env: { ...process.env, GATECRASH_RUN: runId }, stdio: 'ignore' });
    using undo = new DisposableStack();
    undo.defer(() => void left.kill('SIGKILL'));
    const leftEnded = once(left, 'exit');
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(4);
    expect(stderr).toMatch(/RESIDUE.*this of the run is left:/);
    expect(stderr).toContain(`${left.pid} sleep 1000`);
    expect(stderr).toContain(`run gatecrash clean --run ${runId}`);
    expect(pidsOf(runId)).toEqual([left.pid]);
    expect(textOf(folder, 'verdict.json')).toBe('');
    expect((await gatecrash(['clean', '--run', runId])).code).toBe(0);
    await leftEnded;
    expect(pidsOf(runId)).toEqual([]);
  },
  longMs,
);
