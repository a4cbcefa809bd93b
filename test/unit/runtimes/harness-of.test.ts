/** Whether the harness of a run lives: by its id, and by whether that process was there when the run began. */
import { spawn, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isHarness } from '../../../harness/model/harness-process.ts';
import { harnessLives, harnessOf } from '../../../harness/runtimes/harness-of.ts';
import { newRunId } from '../../../harness/store/run-folder.ts';

const dayMs = 86_400_000;
const { pid: ended } = spawnSync('true');

test.each<[string, string, boolean]>([
  ['a run of this process', newRunId(new Date(), process.pid), true],
  ['another one of it', `${newRunId(new Date(), process.pid)}-2`, true],
  ['a world of a test in it', `test-whole-${process.pid}-0`, true],
  ['a run of another process that had its id', newRunId(new Date(Date.now() - 400 * dayMs), process.pid), false],
  ['a run of a process that has ended', newRunId(new Date(), ended), false],
  ['a world of one', `test-k6-${ended}-3`, false],
  ['no id of a run', 'whatever', false],
])('%s: %s, lives: %s', (_what, runId, lives) => {
  expect(harnessLives(runId)).toBe(lives);
});

test('only a harness that was there when the run began is told, and may be signalled', () => {
  using undo = new DisposableStack();
  const start = (argv0: string): number => {
    const child = spawn('sleep', ['1000'], { argv0, stdio: 'ignore' });
    undo.defer(() => void child.kill('SIGKILL'));
    return child.pid ?? 0;
  };
  const [harness, other] = [start('gatecrash'), start('sleep')];
  const ids = (pid: number): readonly string[] => [newRunId(new Date(), pid), `test-whole-${pid}-0`];
  const old = newRunId(new Date(Date.now() - 400 * dayMs), harness);
  expect([...ids(harness), old].map(harnessOf)).toEqual([harness, harness, undefined]);
  expect([...ids(other), ...ids(process.pid)].map(harnessOf)).toEqual(Array(4).fill(undefined));
  expect([...ids(harness), old, ...ids(other)].map(harnessLives)).toEqual(Array(5).fill(true));
});

test.each([
  ['node\0/srv/gatecrash/harness/cli.ts\0canary\0', true],
  ['node\0/app/node_modules/gatecrash/dist/harness/cli.js\0run\0', true],
  ['node\0/app/node_modules/.bin/gatecrash\0nightly\0', true],
  ['vim\0/srv/gatecrash/README.md\0', false],
  ['node\0/srv/other/client.ts\0', false],
])('%j is the command of a harness: %s', (command, is) => {
  expect(isHarness(command)).toBe(is);
});
