/** A process of a benchmark, kept on one core so that what it costs and what surrounds it costs do not mix. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PinnedProcess extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcess;
}

const startMs = 15_000;
const stopMs = 3_000;

/** Resolves once `ready` says so; rejects when the process ends before, or after 15 s. */
export async function startPinned(
  core: number,
  command: readonly string[],
  ready: () => Promise<boolean>,
  env: Readonly<Record<string, string>> = {},
  stderr: 'inherit' | 'ignore' = 'inherit',
): Promise<PinnedProcess> {
  const child = spawn('taskset', ['-c', String(core), ...command], {
    env: { ...process.env, ...env },
    // A program may end when the other end of its stdin is gone.
    stdio: ['pipe', 'ignore', stderr, 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const killing = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await ended;
    clearTimeout(killing);
  };
  const deadline = Date.now() + startMs;
  while (!(await ready())) {
    if (child.exitCode === null && Date.now() < deadline) await sleep(20);
    else {
      await stop();
      throw new Error(`${command.join(' ')} did not get ready`);
    }
  }
  return { pid: child.pid ?? -1, child, [Symbol.asyncDispose]: stop };
}

/** Whether something accepts connections on the loopback port. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}
