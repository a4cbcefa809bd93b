/** What is asked of a host before anything runs: a scenario that it cannot do is skipped for the right reason. */
import { expect, test } from 'vitest';
import { type Stage, lacksFor } from '../../../harness/faults/lacks.ts';
import type { Host, HostPart } from '../../../harness/model/host.ts';
import type { Fault, Scenario } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';

const able: Host = {
  openFiles: 100_000,
  missing: {
    toxiproxy: undefined,
    etcdutl: undefined,
    previousEtcd: undefined,
    openssl: undefined,
    cpuLimit: undefined,
    memoryLimit: undefined,
    firewall: 'no network of its own',
    prlimit: undefined,
  },
};

function without(part: HostPart): Stage {
  return on({ ...able, missing: { ...able.missing, [part]: `no ${part} here` } });
}

function on(host: Host): Stage {
  return { host, gateways: [] };
}

function hurtBy(...faults: readonly Fault[]): Scenario {
  return { ...none, timeline: faults.map((fault) => ({ at: '0s', hold: '1s', fault })) };
}

const latency: Fault = { kind: 'network.latency', hop: 'gateway->etcd', by: '1ms' };
const restore: Fault = { kind: 'etcd.restore', revision: 'plain' };

test.each<[HostPart, Scenario, string]>([
  [
    'toxiproxy',
    hurtBy({ kind: 'watch.cut' }, latency),
    'step 2 (network.latency): this host cannot: no toxiproxy here',
  ],
  ['etcdutl', hurtBy(restore), 'step 1 (etcd.restore): this host cannot: no etcdutl here'],
  ['previousEtcd', hurtBy({ kind: 'etcd.upgrade' }), 'step 1 (etcd.upgrade): this host cannot: no previousEtcd here'],
  ['cpuLimit', hurtBy({ kind: 'gateway.cpu', cores: 1 }), 'step 1 (gateway.cpu): this host cannot: no cpuLimit here'],
  [
    'memoryLimit',
    hurtBy({ kind: 'gateway.memory', megabytes: 8 }),
    'step 1 (gateway.memory): this host cannot: no memoryLimit here',
  ],
  ['prlimit', hurtBy({ kind: 'gateway.files' }), 'step 1 (gateway.files): this host cannot: no prlimit here'],
  ['openssl', { ...none, etcd: { tls: true } }, 'etcd: { tls: true }: this host cannot: no openssl here'],
  ['openssl', { ...none, upstream: { tls: true } }, 'upstream: { tls: true }: this host cannot: no openssl here'],
])('without %s', (part, scenario, reason) => {
  expect(lacksFor(scenario, without(part))).toBe(reason);
  expect(lacksFor(scenario, on(able))).toBeUndefined();
  expect(lacksFor(hurtBy({ kind: 'etcd.pause' }), without(part))).toBeUndefined();
});
