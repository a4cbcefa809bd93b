/** What is played where a host has no toxiproxy: what does just the same, and nothing that only seems to. */
import { expect, test } from 'vitest';
import { type Stage, lacksFor } from '../../../harness/faults/lacks.ts';
import { asPlayed, standInsOf } from '../../../harness/faults/stand-ins.ts';
import type { Ability } from '../../../harness/model/abilities.ts';
import type { Fault, Scenario, Step } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';

const missing = {
  toxiproxy: 'no toxiproxy here',
  etcdutl: undefined,
  previousEtcd: undefined,
  openssl: undefined,
  cpuLimit: undefined,
  memoryLimit: undefined,
  firewall: 'no network of its own',
  prlimit: undefined,
};
const without: Stage = { host: { openFiles: 100_000, missing }, gateways: [] };
const able: Stage = { host: { openFiles: 100_000, missing: { ...missing, toxiproxy: undefined } }, gateways: [] };

function hurtBy(...faults: readonly Fault[]): Scenario {
  return { ...none, timeline: faults.map((fault): Step => ({ at: '0s', hold: '1s', fault })) };
}

const [toEtcd, toUpstream] = ['gateway->etcd', 'gateway->upstream'] as const;

test.each<[Fault, Fault]>([
  [
    { kind: 'network.latency', hop: toEtcd, by: '30ms' },
    { kind: 'link.delay', by: '30ms' },
  ],
  [
    { kind: 'network.latency', hop: toUpstream, by: '30ms' },
    { kind: 'upstream.slow', by: '30ms' },
  ],
  [{ kind: 'network.down', hop: toUpstream }, { kind: 'upstream.refuse' }],
  [{ kind: 'network.reset', hop: toUpstream }, { kind: 'upstream.reset' }],
])('%j is played by %j', (fault, by) => {
  const scenario = hurtBy({ kind: 'etcd.pause' }, fault);
  expect(standInsOf(scenario, able)).toEqual([]);
  expect(asPlayed(scenario, able)).toBe(scenario);
  const because = 'this host cannot: no toxiproxy here';
  expect(standInsOf(scenario, without)).toEqual([{ step: 1, fault, by, because }]);
  const played = asPlayed(scenario, without);
  expect(played).toEqual(hurtBy({ kind: 'etcd.pause' }, by));
  expect(lacksFor(played, without)).toBeUndefined();
});

test.each<Fault>([
  { kind: 'network.latency', hop: 'client->gateway', by: '30ms' },
  { kind: 'network.latency', hop: toEtcd, by: '30ms', jitter: '10ms' },
  { kind: 'network.reset', hop: toUpstream, after: '1s' },
  { kind: 'network.down', hop: toEtcd },
  { kind: 'network.slice', hop: toUpstream, bytes: 10, pause: '1ms' },
  { kind: 'network.timeout', hop: toEtcd },
])('nothing does just what %j does', (fault) => {
  const scenario = hurtBy(fault);
  expect(asPlayed(scenario, without)).toBe(scenario);
  expect(lacksFor(scenario, without)).toContain('no toxiproxy here');
});

test('where another step already does the same at that time nothing stands in, and the scenario is skipped', () => {
  const scenario = hurtBy({ kind: 'upstream.refuse' }, { kind: 'network.down', hop: toUpstream });
  expect(standInsOf(scenario, without)).toEqual([]);
  expect(lacksFor(asPlayed(scenario, without), without)).toContain('step 2 (network.down)');
});

test('a gateway that could not bear the other fault either has no use of it', () => {
  const lame = { build: 'lame@1', driver: { abilities: new Set<Ability>(), object: () => undefined } };
  const scenario = hurtBy({ kind: 'network.latency', hop: toEtcd, by: '30ms' });
  expect(standInsOf(scenario, { ...without, gateways: [lame] })).toEqual([]);
});
