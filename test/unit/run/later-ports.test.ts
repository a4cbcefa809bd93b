import { expect, test } from 'vitest';
import { laterPorts } from '../../../harness/run/later-ports.ts';
import { none } from '../../../scenarios/steady/none.ts';
import type { Scenario, Step } from '../../../scenarios/scenario.ts';

function ports(more: Partial<Scenario>): number {
  return laterPorts({ ...none, ...more });
}

const hold = '1s';
const phases = { ...none.phases, fault: '10s' } as const;

test('a trial publishes ports for its first gateway, and more for what its scenario has join later', () => {
  expect(ports({})).toBe(8);
  const down: Step = { at: '0s', hold, fault: { kind: 'network.down', hop: 'gateway->etcd' } };
  expect(ports({ timeline: [down] })).toBe(8 + 5);
  expect(ports({ timeline: [down], etcd: { members: 3 } })).toBe(8 + 7);
  expect(ports({ timeline: [{ at: '0s', hold, fault: { kind: 'gateway.upgrade' } }] })).toBe(8 + 6 + 2);
});

test('as many gateways as a scenario may have get their ports, and every turn of a repeated step', () => {
  expect(ports({ gateway: { ...none.gateway, beside: 20 } })).toBe(8 + 20 * 6);
  const fault = { kind: 'gateway.scale-out', gateways: 3 } as const;
  expect(ports({ phases, timeline: [{ at: '0s', hold, repeat: { gap: '1s', times: 4 }, fault }] })).toBe(8 + 12 * 6);
});
