/** Trials in containers, by the real entrance. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ofRuns } from '../../harness/containers/leftovers.ts';
import type { Plan } from '../../harness/model/plan.ts';
import { labelled } from '../../harness/runtimes/residue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { none } from '../../scenarios/steady/none.ts';
import { gatecrash, runFolder, start, textOf } from '../support/cli.ts';
import { docker, withDocker } from '../support/docker.ts';

const within = { timeout: 60_000, interval: 20 };
/** As `none`, with a load that a busy host bears, too: what is looked at here is where it runs. */
const quiet = {
  ...none,
  name: 'quiet',
  load: { ratePerSecond: 100, connections: 8 },
  convergeWithin: '20s',
} satisfies Scenario;
const scenario = path.join(mkdtempSync(path.join(tmpdir(), 'gatecrash-test-quiet-')), 'quiet.json');
writeFileSync(scenario, JSON.stringify(quiet));
afterAll(() => rmSync(path.dirname(scenario), { recursive: true }));

const inDocker = ['--gateway', 'reference@.', '--runtime', 'docker'];

function runIdOf(folder: string): string {
  const [first = '{}'] = textOf(folder, 'journal.ndjson').split('\n');
  return (JSON.parse(first) as { runId?: string }).runId ?? '';
}

async function left(runId: string): Promise<readonly string[]> {
  const all = docker === undefined ? [] : await ofRuns(docker.engine);
  const names = all.filter((each) => each.runId === runId).map(({ kind, name }) => `${kind} ${name}`);
  return [...names, ...labelled(runId).map(({ command }) => command)];
}

test('without an engine a run in containers is refused with what to do, and nothing is there', async () => {
  using run = runFolder();
  const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  const { code, stderr } = await gatecrash(['run', scenario, ...inDocker, '--out', run.folder], nowhere);
  expect([code, stderr]).toEqual([4, expect.stringContaining('error ENGINE_NOT_FOUND: no Docker engine answers')]);
  expect(stderr).toContain('hint: start one');
  expect(existsSync(run.folder)).toBe(false);
});

describe.skipIf(docker === undefined)(withDocker, () => {
  test('a trial in containers is judged and leaves nothing, and its plan says where it was', async () => {
    using run = runFolder();
    const { folder } = run;
    const ran = await gatecrash(['run', scenario, ...inDocker, '--seed', '3', '--out', folder]);
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('SAFE')]);
    expect((JSON.parse(textOf(folder, 'plan.json')) as Plan).runtime).toBe('docker');
    expect(textOf(folder, 'environment.json')).toContain('"engine"');
    for (const name of ['etcd', 'etcd-link', 'upstream', 'gateway', 'pod'])
      expect(existsSync(path.join(folder, 'trials/quiet-1-canary/logs', `${name}.log`))).toBe(true);
    expect(await left(runIdOf(folder))).toEqual([]);
  });

  test('a container that is killed from outside makes its trial invalid, and the next goes on', async () => {
    using run = runFolder();
    const { folder } = run;
    const { ended } = start(['run', scenario, ...inDocker, '--out', folder]);
    await expect
      .poll(() => textOf(folder, 'trials/quiet-1-canary/history.ndjson'), within)
      .toContain('"phase":"fault"');
    const etcd = labelled(runIdOf(folder)).find(({ command }) => command.includes('--data-dir='));
    process.kill(etcd?.pid ?? 0, 'SIGKILL');
    const { stderr } = await ended;
    expect(stderr).toMatch(/block 1 canary +invalid: etcd ended by itself with signal SIGKILL/);
    expect(stderr).toMatch(/block 2 canary/);
    expect(await left(runIdOf(folder))).toEqual([]);
  });

  test('a harness that is killed leaves nothing: its guardian removes what is left', async () => {
    using run = runFolder();
    const { folder } = run;
    const { child, ended } = start(['run', scenario, ...inDocker, '--out', folder]);
    await expect
      .poll(() => textOf(folder, 'trials/quiet-1-canary/history.ndjson'), within)
      .toContain('"phase":"fault"');
    const runId = runIdOf(folder);
    expect((await left(runId)).filter((each) => each.startsWith('container'))).toHaveLength(5);
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => left(runId), within).toEqual([]);
    expect(textOf(folder, 'guardian.log')).toContain('removed network');
  });

  test('without its guardian, clean removes them', async () => {
    using run = runFolder();
    const { folder } = run;
    const { child, ended } = start(['run', scenario, ...inDocker, '--out', folder]);
    await expect
      .poll(() => textOf(folder, 'trials/quiet-1-canary/history.ndjson'), within)
      .toContain('"phase":"fault"');
    const runId = runIdOf(folder);
    const guardian = labelled(runId).find(({ command }) => command.includes('guardian'));
    process.kill(guardian?.pid ?? 0, 'SIGKILL');
    child.kill('SIGKILL');
    await ended;
    const cleaned = await gatecrash(['clean', '--run', runId]);
    expect([cleaned.code, cleaned.stdout]).toEqual([0, expect.stringContaining(`of run ${runId}`)]);
    expect(cleaned.stdout).toContain('removed network');
    expect(await left(runId)).toEqual([]);
  });
});
