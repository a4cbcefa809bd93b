/** A hop that goes down where there is no toxiproxy: by the firewall of the pod, seen by clients on either side of the gateway. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Hop } from '../../../scenarios/network-faults.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import { docker, withDocker } from '../../support/docker.ts';
import { type WholeWorld, play, startWholeWorld } from '../../support/whole-world.ts';

const within = { timeout: 60_000, interval: 50 };
const down = (hop: Hop): Fault => ({ kind: 'network.down', hop });

describe.skipIf(docker === undefined)(`${withDocker}: a world of containers without toxiproxy`, () => {
  let whole: WholeWorld;
  beforeAll(async () => {
    vi.stubEnv('GATECRASH_TOXIPROXY', '/nowhere');
    whole = await startWholeWorld([down('gateway->upstream'), down('client->gateway')], '', {}, docker?.runtimeOf);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await whole[Symbol.asyncDispose]();
  });

  /** What a request through the gateway comes to: a status, or no answer. */
  async function answer(): Promise<number | 'none'> {
    const settled = new URL('/settled/0', whole.world.gateway.traffic);
    const asked = fetch(settled, { headers: { connection: 'close' }, signal: AbortSignal.timeout(10_000) });
    return asked.then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 'none' as const,
    );
  }

  test.each<[Hop, (said: number | 'none') => boolean]>([
    ['gateway->upstream', (said) => said !== 'none' && said >= 500],
    ['client->gateway', (said) => said === 'none'],
  ])('%s: connections are refused while it holds, and no rule is left after the heal', async (hop, isDown) => {
    const { world } = whole;
    await expect.poll(answer, within).toBe(200);
    const played = await play(down(hop), world, 0);
    expect(played.proof).toMatch(new RegExp(`^the firewall has REJECT .* on ${hop}; an own request was (refused|cut)`));
    await expect.poll(async () => isDown(await answer()), within).toBe(true);
    expect(await played.heal()).toBe(`the firewall has nothing of it on ${hop}`);
    await expect.poll(answer, within).toBe(200);
  });

  test('two steps keep their rules apart, and each takes back its own', async () => {
    const { network } = whole.world;
    const [one, tenth] = [down('gateway->upstream'), down('client->gateway')];
    if (one.kind !== 'network.down' || tenth.kind !== 'network.down') throw new Error('both are faults of the network');
    await network.inject(one, 0);
    await network.inject(tenth, 9);
    await expect(network.heal(one, 0, AbortSignal.abort())).rejects.toThrow('aborted');
    expect(await network.standing(one, 0)).toHaveLength(2);
    await network.heal(one, 0);
    expect(await network.standing(one, 0)).toEqual([]);
    expect(await network.standing(tenth, 9)).toHaveLength(2);
    await network.heal(tenth, 9);
    expect(await network.standing(tenth, 9)).toEqual([]);
  });
});
