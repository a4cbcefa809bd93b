/** Posts the guardian of a run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { entryBeside } from '../../model/entry.ts';
import { runLabel } from '../residue.ts';

export interface GuardedRun {
  readonly runId: string;
  /** Removed when the harness is gone. */
  readonly scratch: string;
  /** Folder for `guardian.log`. */
  readonly folder: string;
  /** Whether it has containers, too. */
  readonly containers: boolean;
}

export interface Guardian {
  readonly pid: number | undefined;
  /** Ends it without a deed: for a run that has ended all by itself, and wants to see what it left. */
  dismiss(): Promise<void>;
}

/** It keeps the harness from nothing, not even from ending. A run whose guardian dies goes on without. */
export function postGuardian({ runId, scratch, folder, containers }: GuardedRun): Guardian {
  const log = openSync(path.join(folder, 'guardian.log'), 'a');
  const about = [runId, scratch, containers ? 'containers' : 'processes'];
  const child = spawn(process.execPath, [entryBeside(import.meta.url, 'main'), ...about], {
    stdio: ['pipe', log, log],
    // A group of its own: a signal to the harness's group does not reach it.
    detached: true,
    env: { ...process.env, [runLabel]: runId },
  });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  // The pipe is a socket, which knows how to keep nobody awake; its type does not say so.
  (child.stdin as unknown as { unref(): void }).unref();
  return {
    pid: child.pid,
    async dismiss() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const gone = once(child, 'exit');
      child.ref();
      child.kill('SIGKILL');
      await gone;
    },
  };
}
