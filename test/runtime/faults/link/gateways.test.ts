/** Faults of the link that are aimed at one gateway: seen by clients of both, over the same etcd and the same link. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withEtcd } from '../../../../harness/faults/etcd-client.ts';
import type { World } from '../../../../harness/model/ports.ts';
import type { LinkFault } from '../../../../scenarios/link-faults.ts';
import type { Fault } from '../../../../scenarios/scenario.ts';
import { play, startWholeWorld } from '../../../support/whole-world.ts';

const scaleOut: Fault = { kind: 'gateway.scale-out', gateways: 1 };
const within = { timeout: 90_000, interval: 50 };

async function writeRoute(world: World, number: number): Promise<void> {
  const spec = { id: `aim-${number}`, path: `/aim/${number}`, seq: number, upstream: world.upstream };
  await withEtcd(world, async (client) => {
    for (const { key, value } of world.driver.route(world.prefix, spec)) await client.put(key).value(value).exec();
  });
}

async function statusOf(traffic: URL, number: number): Promise<number> {
  const answer = await fetch(new URL(`/aim/${number}`, traffic), { headers: { connection: 'close' } });
  await answer.arrayBuffer();
  return answer.status;
}

test.each<[NonNullable<LinkFault['gateway']>]>([['first'], ['further']])(
  'a watch that is silent for the %s gateway alone: the other one serves what is new, both do after the heal',
  async (gateway) => {
    const fault: Fault = { kind: 'watch.stall', mode: 'dead', gateway };
    await using whole = await startWholeWorld([scaleOut, fault]);
    const { world } = whole;
    const scaled = await play(scaleOut, world, 0);
    const [joined] = [...world.further.values()];
    if (joined === undefined) throw new Error('a further gateway is there');
    const [hurt, well] =
      gateway === 'first' ? [world.gateway.traffic, joined.traffic] : [joined.traffic, world.gateway.traffic];

    const proven = new AbortController();
    let written = 0;
    const writing = (async () => {
      while (!proven.signal.aborted) {
        await writeRoute(world, ++written);
        await sleep(100);
      }
    })();
    const stalled = await play(fault, world, 1).finally(() => proven.abort());
    await writing;
    expect(stalled.proof).toMatch(/messages withheld/);
    await writeRoute(world, ++written);
    await expect.poll(() => statusOf(well, written), within).toBe(200);
    expect(await statusOf(hurt, written)).toBe(404);

    await stalled.heal();
    // What was silenced stays mute until the gateway gives that watch up.
    await expect.poll(() => statusOf(hurt, written), within).toBe(200);
    await scaled.heal();
  },
  360_000,
);

test('what no fault tells apart comes to the link at one address', async () => {
  await using whole = await startWholeWorld([scaleOut, { kind: 'watch.cut' }]);
  const { world } = whole;
  const scaled = await play(scaleOut, world, 0);
  // Two workers each, and all of them are hit.
  await expect.poll(async () => (await world.link.counters()).grpc.watchesOpen, within).toBeGreaterThanOrEqual(4);
  const cut = await play({ kind: 'watch.cut' }, world, 1);
  expect(Number(/^(\d+) closed/.exec(cut.proof)?.[1])).toBeGreaterThanOrEqual(4);
  await cut.heal();
  await scaled.heal();
});
