import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Verdict } from '../../harness/model/verdict.ts';
import { labelled } from '../../harness/runtimes/residue.ts';
import { gatecrash, runFolder, start, textOf } from '../support/cli.ts';

/** What `gatecrash clean --json` tells. */
interface Cleaned {
  readonly ended: readonly { readonly runId: string }[];
  readonly underWay: readonly { readonly runId: string; readonly pid: number }[];
}

const within = { timeout: 60_000, interval: 20 };
const trial = (folder: string, block: number): string => path.join(folder, `trials/watch-silent-death-${block}-canary`);

/** The run id that the journal of a run folder names. */
function runIdOf(folder: string): string {
  const [first = '{}'] = textOf(folder, 'journal.ndjson').split('\n');
  return (JSON.parse(first) as { runId?: string }).runId ?? '';
}

test('an etcd that dies mid-trial makes that trial invalid, the next goes on, and the verdict recomputes byte for byte', async () => {
  using run = runFolder();
  const { folder } = run;
  const { ended } = start(['run', 'watch-silent-death', '--gateway', 'reference@.', '--seed', '5', '--out', folder]);
  await expect.poll(() => textOf(trial(folder, 1), 'history.ndjson'), within).toContain('"phase":"fault"');
  const runId = runIdOf(folder);
  const etcd = labelled(runId).find(({ command }) => command.includes('--data-dir='));
  process.kill(etcd?.pid ?? -1, 'SIGKILL');
  const { code, stdout, stderr } = await ended;
  expect(stderr).toMatch(/block 1 canary +invalid: etcd ended by itself with signal SIGKILL/);
  expect([code, stdout.includes('SAFE')]).toEqual([0, true]);
  expect(labelled(runId)).toEqual([]);
  const bytes = readFileSync(path.join(folder, 'verdict.json'));
  const { decision, scenarios } = JSON.parse(bytes.toString()) as Verdict;
  expect([decision, scenarios[0]?.blocks]).toEqual(['safe', { used: 1, invalid: 1 }]);
  for (const file of ['plan.json', 'environment.json', 'report.html', 'junit.xml', 'summary.md'])
    expect(textOf(folder, file)).not.toBe('');
  expect((await gatecrash(['judge', folder])).code).toBe(0);
  expect(readFileSync(path.join(folder, 'verdict.json')).equals(bytes)).toBe(true);

  const history = path.join(trial(folder, 2), 'history.ndjson');
  writeFileSync(history, readFileSync(history, 'utf8').slice(0, -20));
  const cut = await gatecrash(['judge', folder]);
  expect([cut.code, cut.stderr]).toEqual([4, expect.stringMatching(/EVIDENCE_UNREADABLE.*history\.ndjson:\d+: /)]);
});

test('SIGINT heals and ends everything, keeps the partial evidence and exits with 130', async () => {
  using run = runFolder();
  const { folder } = run;
  const { child, ended } = start(['run', 'watch-silent-death', '--gateway', 'reference@.', '--out', folder]);
  await expect.poll(() => textOf(trial(folder, 1), 'history.ndjson'), within).toContain('"edge":"verified"');
  const runId = runIdOf(folder);
  expect(labelled(runId).length).toBeGreaterThan(0);
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect([code, stderr]).toEqual([130, expect.stringContaining('partial evidence')]);
  expect(labelled(runId)).toEqual([]);
  expect(textOf(folder, 'journal.ndjson')).toContain('"edge":"healed"');
  expect(JSON.parse(textOf(trial(folder, 1), 'trial.json'))).toMatchObject({ state: 'aborted' });
});

test('after kill -9 of the harness and of its guardian, clean ends what is left of that run and no other', async () => {
  using run = runFolder();
  const { folder } = run;
  const { child, ended } = start(['run', 'watch-silent-death', '--gateway', 'reference@.', '--out', folder]);
  await expect.poll(() => textOf(trial(folder, 1), 'history.ndjson'), within).toContain('"phase":"baseline"');
  const runId = runIdOf(folder);
  const before = await gatecrash(['clean', '--json']);
  const { ended: endedBefore, underWay } = JSON.parse(before.stdout) as Cleaned;
  expect(endedBefore.filter((each) => each.runId === runId)).toEqual([]);
  expect(underWay).toContainEqual(expect.objectContaining({ runId, pid: child.pid }));
  const guardian = labelled(runId).find(({ command }) => command.includes('guardian'));
  process.kill(guardian?.pid ?? -1, 'SIGKILL');
  child.kill('SIGKILL');
  await ended;
  expect(labelled(runId).length).toBeGreaterThan(0);
  const { code, stdout } = await gatecrash(['clean', '--run', runId]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/ended \d+ of run[\s\S]*removed /)]);
  expect(labelled(runId)).toEqual([]);
});
