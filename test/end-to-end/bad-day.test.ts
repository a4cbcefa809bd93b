/** One timeline with faults of the gateway's processes, of its upstream and of the network, from the command line to the verdict. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { toxiproxy, withToxiproxy } from '../support/toxiproxy.ts';
import { stringify } from 'yaml';
import type { Observation } from '../../harness/model/history.ts';
import type { Scenario, Step } from '../../scenarios/scenario.ts';
import { none } from '../../scenarios/steady/none.ts';
import { gatecrash, runFolder, textOf } from '../support/cli.ts';

/** Each holds for much longer than its proof takes: also on a busy machine. */
const timeline: readonly Step[] = [
  { at: '0s', hold: '2s', fault: { kind: 'upstream.slow', by: '20ms' } },
  { at: '0.5s', hold: '2s', fault: { kind: 'gateway.kill', target: 'worker' } },
  { at: '1s', hold: '3s', fault: { kind: 'network.latency', hop: 'gateway->etcd', by: '30ms' } },
  { at: '3s', hold: '5s', fault: { kind: 'gateway.reload' } },
  { at: '8s', hold: '1500ms', fault: { kind: 'network.reset', hop: 'client->gateway' } },
  { at: '9.5s', hold: '1500ms', fault: { kind: 'gateway.pause', target: 'worker' } },
  { at: '11s', hold: '1500ms', fault: { kind: 'upstream.error', status: 503, share: 0.2 } },
  { at: '12.5s', hold: '4500ms', fault: { kind: 'link.refuse' } },
  { at: '13s', hold: '4s', fault: { kind: 'gateway.cold-start' } },
  { at: '17.5s', hold: '5s', fault: { kind: 'gateway.restart' } },
];

const badDay: Scenario = {
  ...none,
  name: 'bad-day',
  claim: 'Whatever happens to it and around it, the gateway comes back with its whole configuration.',
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '5s' },
  table: { settled: 10, ballast: 20 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '1s', baseline: '1s', fault: '23s', settle: '2s' },
  timeline,
  convergeWithin: '30s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
  ],
};

test.skipIf(toxiproxy === undefined)(
  `a day on which everything happens is a valid trial: each fault proven, each healed, and the gateway is safe (${withToxiproxy})`,
  async () => {
    using run = runFolder();
    const { folder } = run;
    const file = path.join(path.dirname(folder), 'bad-day.yaml');
    writeFileSync(file, stringify(badDay));
    const { code, stdout, stderr } = await gatecrash(['run', file, '--gateway', 'reference@.', '--out', folder]);
    expect([code, stdout.includes('SAFE')], stdout + stderr).toEqual([0, true]);
    const trial = path.join(folder, 'trials/bad-day-1-canary');
    expect(JSON.parse(textOf(trial, 'trial.json'))).toMatchObject({ state: 'completed' });
    const history = readFileSync(path.join(trial, 'history.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Observation);
    const edges = (edge: string): readonly number[] =>
      history
        .flatMap((line) => (line.kind === 'fault' && line.edge === edge ? [line.step] : []))
        .toSorted((a, b) => a - b);
    const all = timeline.map((_step, index) => index);
    expect([edges('verified'), edges('healed')]).toEqual([all, all]);
  },
  600_000,
);
