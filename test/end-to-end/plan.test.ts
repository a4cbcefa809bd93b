/** What a plan says of itself and of this host, and what becomes of a scenario that the host cannot do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Verdict } from '../../harness/model/verdict.ts';
import type { Scenario, Step } from '../../scenarios/scenario.ts';
import { none } from '../../scenarios/steady/none.ts';
import { badDay } from '../bad-days/scenario.ts';
import { scenarios } from '../generated-scenarios/arbitrary.ts';
import { type Ran, gatecrash, runFolder, textOf } from '../support/cli.ts';

/** The program on a host where a process may have only so many files open. */
async function gatecrashWith(openFiles: number, args: readonly string[]): Promise<Ran> {
  const child = spawn('sh', ['-c', `ulimit -n ${openFiles} && exec ./gatecrash "$@"`, 'sh', ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

const slowNetwork: Step = {
  at: '0s',
  hold: '1s',
  fault: { kind: 'network.latency', hop: 'client->gateway', by: '10ms' },
};
const restored: Step = { at: '0s', hold: '1s', fault: { kind: 'etcd.restore', revision: 'plain' } };
const upgraded: Step = { at: '0s', hold: '1s', fault: { kind: 'etcd.upgrade' } };

test('a plan tells when what happens, whether this host can, how long it takes, and what will be written', async () => {
  using run = runFolder();
  const file = `${run.folder}.yaml`;
  writeFileSync(file, stringify(badDay));
  const { code, stdout } = await gatecrash(['plan', file, '--seed', '7']);
  expect(code).toBe(0);
  const { hash } = JSON.parse((await gatecrash(['plan', file, '--seed', '7', '--json'])).stdout) as { hash: string };
  for (const words of [
    `plan ${hash}`,
    /takes \d+ s, at most \d+ s to decide on this host/,
    /at 0s +silent: ✓ watch\.stall mode dead for 3s/,
    /at 500ms after silent ✓ etcd\.compact every 200ms for 2500ms/,
    /✓ etcd\.pause for 500ms, 3 times with 1s between/,
    /█+ +█+ +█+ etcd\.pause ×3/,
    /writes +the table: \d+ to \/gw-1\.x\[%\]路由\/routes\/settled-0 … 19, /,
    /writes +the writer: 125 to /,
    /writes +step 2, routes\.flood: 160 to \S+\/routes\/flood-2-0 … 99/,
    /writes +step 3, etcd\.overload: 200 to \/overload\/0 … 199/,
  ])
    expect(stdout).toEqual(expect.stringMatching(words));
  expect(stdout).not.toContain('✗');
});

test('what this host lacks is told by list and plan; a run skips it, which is no pass and recomputes', async () => {
  using run = runFolder();
  const { folder } = run;
  const planned = await gatecrashWith(300, ['plan', 'thousand-workers', 'none']);
  expect(planned.stdout).toContain('skips thousand-workers: see ✗ below');
  expect(planned.stdout).toMatch(/✗ watch\.crowd watchers 998 .*a process may have 300 files open here/);
  expect(planned.stdout).toMatch(/needs +✗ a file that a process may have open for each watcher/);
  const listed = await gatecrashWith(80, ['list', 'faults']);
  expect(listed.stdout).toMatch(/needs a file that a process may have open for each watcher ✗ a process may have 80/);

  const ran = await gatecrashWith(300, ['run', 'thousand-workers', '--gateway', 'reference@.', '--out', folder]);
  expect([ran.code, ran.stdout]).toEqual([2, expect.stringContaining('SKIPPED')]);
  expect(ran.stderr).toMatch(/thousand-workers: skipped, step 1 \(watch\.crowd\): this host cannot: a process may/);
  const bytes = readFileSync(path.join(folder, 'verdict.json'), 'utf8');
  const { decision, because } = JSON.parse(bytes) as Verdict;
  expect([decision, because]).toEqual(['skipped', expect.stringContaining('1098 are needed')]);
  expect(textOf(folder, 'junit.xml')).toContain('errors="1"');
  for (const report of ['report.html', 'summary.md']) expect(textOf(folder, report)).toContain('1098 are needed');
  expect((await gatecrash(['judge', folder])).code).toBe(2);
  expect(textOf(folder, 'verdict.json')).toBe(bytes);
});

test.each<[string, string, Partial<Scenario>, RegExp]>([
  [
    'toxiproxy',
    'GATECRASH_TOXIPROXY',
    { timeline: [slowNetwork] },
    /step 1 \(network\.latency\): this host cannot:\s+GATECRASH_TOXIPROXY/,
  ],
  ['etcdutl', 'GATECRASH_ETCDUTL', { timeline: [restored] }, /step 1 \(etcd\.restore\): /],
  ['etcd of before', 'GATECRASH_ETCD_PREVIOUS', { timeline: [upgraded] }, /step 1 \(etcd\.upgrade\): /],
])('a host without %s skips what needs it, and the plan says so', async (_program, variable, change, reason) => {
  using run = runFolder();
  const file = `${run.folder}.yaml`;
  writeFileSync(file, stringify({ ...none, ...change }));
  const without = { [variable]: '/nowhere' };
  const planned = await gatecrash(['plan', file], without);
  expect(planned.stdout).toContain('skips none: see ✗ below');
  const ran = await gatecrash(['run', file, '--gateway', 'reference@.', '--out', run.folder], without);
  expect([ran.code, ran.stdout], ran.stderr).toEqual([2, expect.stringMatching(reason)]);
});

test('where the host has no toxiproxy, what does the same is played instead, proven, and told before and after', async () => {
  using run = runFolder();
  const { folder } = run;
  const file = `${folder}.yaml`;
  const late: Step = { ...slowNetwork, fault: { kind: 'network.latency', hop: 'gateway->upstream', by: '20ms' } };
  const scenario: Scenario = {
    ...none,
    arms: 'side-by-side',
    load: { ratePerSecond: 100, connections: 8 },
    phases: { warmup: '500ms', baseline: '500ms', fault: '3s', settle: '1s' },
    timeline: [{ ...late, hold: '2s' }],
    convergeWithin: '20s',
    expectations: [{ kind: 'invariant', oracle: 'converge' }],
  };
  writeFileSync(file, stringify(scenario));
  const without = { GATECRASH_TOXIPROXY: '/nowhere' };
  const planned = await gatecrash(['plan', file, '--seed', '7'], without);
  expect(planned.stdout).toContain('falls back in none: see ↷ below');
  expect(planned.stdout).toMatch(
    /↷ network\.latency hop gateway->upstream by 20ms for 2s; this host cannot: .*; instead ✓ upstream\.slow by 20ms\n/,
  );
  expect(planned.stdout).toMatch(/needs +↷ toxiproxy, or Go to build it/);
  const args = ['run', file, '--gateway', 'reference@.', '--trials', '1', '--out', folder];
  const { code, stderr } = await gatecrash(args, without);
  expect(stderr).toMatch(/none: step 1 \(network\.latency\) is played by upstream\.slow; this host cannot: /);
  expect(code, stderr).toBe(0);
  const history = textOf(folder, 'trials/none-1-canary/history.ndjson');
  expect(history).toMatch(/"kind":"upstream\.slow".*"edge":"verified".*answers came later; an own request was /);
  // The plan is the same as on any other host.
  const timeline = [{ fault: late.fault }];
  expect(JSON.parse(textOf(folder, 'plan.json'))).toMatchObject({ scenarios: [{ scenario: { timeline } }] });
  const other = await gatecrash(['plan', file, '--seed', '7']);
  const hashOf = (text: string): string | undefined => /^plan (\S+)$/m.exec(text)?.[1];
  expect(hashOf(planned.stdout)).toBe(hashOf(other.stdout));
});

test('a handful of generated scenarios on the real command line: planned, or refused with their place', async () => {
  using run = runFolder();
  const codes = new Map<number | null, number>();
  for (const [index, scenario] of fc.sample(scenarios, { numRuns: 8, seed: 3 }).entries()) {
    const file = `${run.folder}-${index}.yaml`;
    writeFileSync(file, stringify(scenario));
    const { code, stdout, stderr } = await gatecrash(['plan', file]);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (code === 0) expect(stdout).toContain(scenario.claim);
    else expect(stderr).toMatch(/^error: \S+\.yaml:\d+:\d+: ./);
  }
  expect(new Set(codes.keys())).toEqual(new Set([0, 3]));
}, 360_000);
