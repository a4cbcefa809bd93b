/** Whether the harness of a run lives: by its id, and by whether that process was there when the run began. */
import { spawnSync } from 'node:child_process';
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
  expect([harnessOf(runId) !== undefined, harnessLives(runId)]).toEqual([lives, lives]);
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
