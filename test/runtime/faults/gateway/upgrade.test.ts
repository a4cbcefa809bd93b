/** A rolling upgrade and the way back, seen by clients that connect anew and by those that stay. */
import { expect, test } from 'vitest';
import { injectorOf } from '../../../../harness/faults/index.ts';
import { labelled } from '../../../../harness/runtimes/residue.ts';
import type { GatewayFault } from '../../../../scenarios/gateway-faults.ts';
import { askOnce, keepOneToEach } from '../../../support/kept-connection.ts';
import { play, startWholeWorld } from '../../../support/whole-world.ts';

const upgrade: GatewayFault = { kind: 'gateway.upgrade' };

async function status(traffic: URL): Promise<number> {
  const answer = await fetch(new URL('/settled/0', traffic), { headers: { connection: 'close' } });
  await answer.arrayBuffer();
  return answer.status;
}

/** Masters of the reference gateway: each runs two workers of the same file. */
function gateways(runId: string): number {
  return labelled(runId).filter(({ command }) => command.endsWith('gateway/main.ts')).length / 3;
}

test('the build under test takes over and gives back, and nobody who connects meanwhile is refused', async () => {
  // It answers every request 404, by which it is known.
  await using whole = await startWholeWorld([upgrade], '+rare-404=1');
  const { world, runId } = whole;
  const { traffic } = world.gateway;
  expect(await status(traffic)).toBe(200);
  const kept = await keepOneToEach(traffic, 2);
  const stop = new AbortController();
  const answers: string[] = [];
  const asking = (async () => {
    while (!stop.signal.aborted) answers.push(await askOnce(traffic, 20_000));
  })();
  const played = await play(upgrade, world, 0, 60_000);
  expect(played.proof).toMatch(
    /^the build under test was ready after \d+ ms; the old gateway ended \d+ ms after it was asked to end$/,
  );
  expect([await status(traffic), gateways(runId)]).toEqual([404, 1]);
  expect(await Promise.all(kept.map((connection) => connection.ask()))).toEqual(['ended', 'ended']);
  await played.heal();
  expect([await status(traffic), gateways(runId)]).toEqual([200, 1]);
  stop.abort();
  await asking;
  expect(answers.length).toBeGreaterThan(20);
  expect([...new Set(answers)]).toEqual(['answers']);
});

test('in a trial that upgrades nothing there is no front, and the fault says so', async () => {
  await using whole = await startWholeWorld();
  expect(injectorOf(upgrade).unsupported(upgrade, whole.world)).toBe('nothing stands before the gateway');
  expect(labelled(whole.runId).filter(({ command }) => command.includes('front'))).toEqual([]);
});
