import { expect, test } from 'vitest';
import type { Gateway, World } from '../../../harness/model/ports.ts';
import { allGateways } from '../../../harness/run/beside.ts';
import { none } from '../../../scenarios/steady/none.ts';

test('a launch that fails is told when no other is under way any more', async () => {
  const slow = Promise.withResolvers<Gateway>();
  const failure = new Error('it could not be started');
  const launchGateway = (suffix: string): Promise<Gateway> =>
    suffix === 'beside-1' ? slow.promise : Promise.reject(failure);
  const scenario = { ...none, gateway: { ...none.gateway, beside: 2 } };
  let told: unknown;
  const launching = allGateways(scenario, { launchGateway } as unknown as World, new AbortController().signal).catch(
    (error: unknown) => (told = error),
  );
  await new Promise(setImmediate);
  expect(told).toBeUndefined();
  slow.resolve({} as Gateway);
  await launching;
  expect(told).toBe(failure);
});
