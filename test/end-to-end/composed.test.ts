/** A whole trial of steps that wait, repeat and overlap, under an odd prefix, on a gateway that bears it all. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Observation } from '../../harness/model/history.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { gatecrash, runFolder, textOf } from '../support/cli.ts';

const scenario: Scenario = {
  name: 'composed',
  claim: 'Routes that come and go in every way cost no other route anything.',
  anchors: [],
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '5s', prefix: '/gw-1.x[%]路由' },
  table: { settled: 20, ballast: 200 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '500ms', fault: '10s', settle: '1s' },
  timeline: [
    { after: 'gone', at: '0s', hold: '800ms', repeat: { gap: '300ms', times: 2 }, fault: { kind: 'watch.cut' } },
    { id: 'gone', after: 'odd', at: '100ms', hold: '2500ms', fault: { kind: 'routes.prefix-delete' } },
    // What it writes has to be seen on every worker before it goes, and so what the next one deletes.
    { id: 'odd', at: '0s', hold: '2s', fault: { kind: 'routes.odd-ids' } },
    {
      at: '200ms',
      // Its proof takes a second of measuring, and more on a busy host.
      hold: '2500ms',
      repeat: { gap: '500ms' },
      fault: {
        kind: 'routes.flood',
        changesPerSecond: 30,
        paths: 'distinct',
        mix: { create: 0.4, update: 0.4, delete: 0.2 },
        valueBytes: 1_000,
      },
    },
  ],
  convergeWithin: '10s',
  expectations: [
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'serve-last-good' },
  ],
};

interface Trial {
  readonly code: number | null;
  readonly said: string;
  readonly history: readonly Observation[];
  /** What each storm was told to do, without what differs from start to start: its id, and the address of the upstream. */
  readonly storms: readonly string[];
}

async function run(): Promise<Trial> {
  using parent = runFolder();
  const file = `${parent.folder}.yaml`;
  writeFileSync(file, stringify(scenario));
  const args = ['run', file, '--gateway', 'reference@.', '--seed', '3', '--out', parent.folder];
  const { code, stdout, stderr } = await gatecrash(args);
  // On a busy host a trial may be invalid; the one after it has the same seed.
  const trials = globSync(path.join(parent.folder, 'trials/*')).toSorted();
  const folder = trials.find((each) => textOf(each, 'trial.json').includes('"completed"'));
  if (folder === undefined) throw new Error(`no trial was completed: ${stdout}${stderr}`);
  const lines = textOf(folder, 'history.ndjson').trim().split('\n');
  const storms = globSync(path.join(folder, 'routes-flood-*.json')).map((storm) =>
    readFileSync(storm, 'utf8')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'upstream')
      .replace(/"id": ?"[0-9a-f-]{36}"/, '"id":"of this start"'),
  );
  return { code, said: `${stdout}${stderr}`, storms, history: lines.map((line) => JSON.parse(line) as Observation) };
}

/** What was done, in an order that does not depend on how long each took. */
function operations({ history }: Trial): readonly string[] {
  return history
    .flatMap((o) => {
      if (o.kind === 'fault') return [`${o.step} ${o.turn ?? '-'} ${o.fault.kind} ${o.edge}`];
      return o.kind === 'write' && o.edge === 'invoke' && /^(?:odd|ballast)-/.test(o.route)
        ? [`${o.route} ${o.seq}`]
        : [];
    })
    .toSorted();
}

test('the gateway is SAFE, every turn is proven, what was deleted vanished and came back; the same seed does the same again', async () => {
  const trial = await run();
  expect([trial.code, trial.said]).toEqual([0, expect.stringContaining('SAFE')]);
  const edges = trial.history.filter((o) => o.kind === 'fault');
  const proven = edges.filter(({ edge }) => edge === 'verified').map(({ step, turn }) => `${step}/${turn ?? 1}`);
  expect(proven.toSorted()).toEqual(['0/1', '0/2', '1/1', '2/1', '3/1', '3/2', '3/3']);
  const visible = trial.history.flatMap((o) =>
    o.kind === 'visible' ? [`${o.route} ${o.seq === null ? 'gone' : 'there'}`] : [],
  );
  for (const route of ['ballast-0', 'ballast-19', 'odd-0', 'odd-20'])
    for (const state of ['gone', 'there']) expect(visible).toContain(`${route} ${state}`);

  const again = await run();
  expect(operations(again)).toEqual(operations(trial));
  expect(again.storms).toEqual(trial.storms);
  expect(trial.storms.length).toBe(1);
}, 960_000);
