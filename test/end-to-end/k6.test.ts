/** `--load k6` as a user has it. Where the host has no k6, what stands in for it plays the same scripts. */
import { globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { PhaseLatency } from '../../harness/model/evidence.ts';
import type { Plan } from '../../harness/model/plan.ts';
import { none } from '../../scenarios/steady/none.ts';
import { gatecrash, runFolder, textOf } from '../support/cli.ts';
import { k6, standIn, withK6 } from '../support/k6.ts';

const light = {
  ...none,
  table: { settled: 10, ballast: 0 },
  load: { ratePerSecond: 100, connections: 32 },
  phases: { warmup: '500ms', baseline: '1s', fault: '1s', settle: '1s' },
};

/** One trial of it; the file of the scenario lies beside the run folder. */
async function run(load: object, args: readonly string[] = []): Promise<{ readonly folder: string } & Disposable> {
  const run = runFolder();
  const file = path.join(path.dirname(run.folder), 'light.yaml');
  writeFileSync(file, stringify({ ...light, load: { ...light.load, ...load } }));
  writeFileSync(path.join(path.dirname(run.folder), 'mine.js'), script);
  const command = ['run', file, '--gateway', 'reference@.', '--out', run.folder, ...args];
  const { code, stderr } = await gatecrash(command, { GATECRASH_K6: k6 ?? standIn() });
  expect(code, stderr).toBe(0);
  return run;
}

/** The trial that was an experiment: on a busy host the guards refuse others before it. */
function completed(folder: string): string {
  const trials = globSync(path.join(folder, 'trials', '*'));
  const found = trials.find((trial) => textOf(trial, 'trial.json').includes('"state": "completed"'));
  if (found === undefined) throw new Error('a run that ends well has such a trial');
  return found;
}

const script = `import http from 'k6/http';
import { check } from 'k6';

const routes = JSON.parse(__ENV.GATECRASH_ROUTES);

export default function () {
  for (const { path, seq } of routes.slice(0, 2)) {
    const answer = http.get(__ENV.GATECRASH_TARGET + path);
    check(answer, { 'is served': ({ body }) => body === '/seq/' + seq });
  }
}
`;

test(`${k6 === undefined ? `${withK6}, a stand-in` : withK6}: a trial is driven by it, and the plan, the evidence and the way to play it again say so`, async () => {
  using done = await run({}, ['--load', 'k6']);
  const plan = JSON.parse(textOf(done.folder, 'plan.json')) as Plan;
  expect(plan.scenarios[0]?.scenario.load.engine).toBe('k6');
  const trial = completed(done.folder);
  const latency = JSON.parse(textOf(trial, 'latency.json')) as readonly PhaseLatency[];
  expect(latency.map(({ phase, errors }) => [phase, errors])).toEqual(
    ['warmup', 'baseline', 'fault', 'settle'].map((phase) => [phase, {}]),
  );
  const fault = latency.find(({ phase }) => phase === 'fault');
  expect(fault?.ok).toBeGreaterThan(90);
  expect(textOf(trial, 'history.ndjson')).toContain('"metric":"load-cpu-us-per-request"');
  expect(textOf(trial, 'k6', 'load.js')).toContain('constant-arrival-rate');
  expect(textOf(done.folder, 'report.html')).toContain('engine, µs a request');
}, 480_000);

test('a script of the user is played at each arrival, and stands in the plan', async () => {
  using done = await run({ script: 'mine.js' });
  const plan = JSON.parse(textOf(done.folder, 'plan.json')) as Plan;
  expect(plan.scenarios[0]?.scenario.load.script).toBe(script);
  const latency = JSON.parse(textOf(completed(done.folder), 'latency.json')) as readonly PhaseLatency[];
  const fault = latency.find(({ phase }) => phase === 'fault');
  // Two requests each time.
  expect(fault?.ok).toBeGreaterThan(180);
  expect(fault?.errors).toEqual({});
}, 480_000);

test('without a k6 nothing is started, and it is said how to get one', async () => {
  const args = ['run', 'none', '--gateway', 'reference@.', '--load', 'k6'];
  const { code, stderr } = await gatecrash(args, { GATECRASH_K6: '/no/k6' });
  expect([code, stderr]).toEqual([4, expect.stringMatching(/K6_NOT_FOUND.*\/no\/k6/)]);
  const docker = await gatecrash([...args, '--runtime', 'docker']);
  expect([docker.code, docker.stderr]).toEqual([4, expect.stringContaining('k6 comes in no image')]);
  const unknown = await gatecrash([...args.slice(0, -1), 'k5']);
  expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('did you mean "k6"?')]);
});
