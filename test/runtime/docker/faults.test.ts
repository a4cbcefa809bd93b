/** The faults that take hold of containers, or show through the engine's ports: as they are, in a world of containers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ofRuns } from '../../../harness/containers/leftovers.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import { docker, withDocker } from '../../support/docker.ts';
import { seeMemoryLimit } from '../../support/memory-limit.ts';
import { toxiproxy } from '../../support/toxiproxy.ts';
import { type WholeWorld, play, startWholeWorld } from '../../support/whole-world.ts';

const hop = 'gateway->upstream';
const hurt: readonly Fault[] = toxiproxy === undefined ? [] : [{ kind: 'network.down', hop }];

describe.skipIf(docker === undefined)(`${withDocker}: a world of containers`, () => {
  let whole: WholeWorld;
  beforeAll(async () => {
    whole = await startWholeWorld(hurt, '+watch-proxy', {}, docker?.runtimeOf);
  });
  afterAll(async () => {
    await whole[Symbol.asyncDispose]();
    const left = docker === undefined ? [] : await ofRuns(docker.engine);
    expect(left.filter(({ runId }) => runId === whole.runId)).toEqual([]);
  });

  async function serves(): Promise<void> {
    const settled = new URL('/settled/0', whole.world.gateway.traffic);
    await expect.poll(async () => (await fetch(settled)).status, { timeout: 30_000 }).toBe(200);
  }

  const cases: readonly (readonly [Fault, RegExp])[] = [
    [{ kind: 'etcd.pause' }, /takes a connection and does not answer/],
    [{ kind: 'etcd.down' }, /^etcd (refuses connections|answers no connection); it had served/],
    [{ kind: 'upstream.refuse' }, /an own request was (refused|cut)/],
    [{ kind: 'upstream.reset' }, /(reset|cut) with 0 bytes of a body/],
    [{ kind: 'gateway.kill', target: 'worker' }, /^worker process \d+ has ended/],
    [{ kind: 'gateway.pause', target: 'gateway' }, /processes stand still; a request gets no answer/],
    [{ kind: 'gateway.reload' }, /were replaced by|live beside/],
    [{ kind: 'gateway.kill', target: 'gateway' }, /nothing is left of the gateway/],
    [{ kind: 'gateway.restart' }, /the gateway runs as process/],
    [{ kind: 'gateway.scale-out', gateways: 3 }, /^3 further gateways serve/],
  ];
  test.each(cases)(
    '$kind takes hold and goes',
    async (fault, proof) => {
      const played = await play(fault, whole.world, 0, 20_000);
      expect(played.proof).toMatch(proof);
      await played.heal();
      await serves();
    },
    60_000,
  );

  test('with a tenth of a core the kernel holds the gateway back', async (context) => {
    const unsupported = whole.world.cpuLimit.whyNot();
    if (unsupported !== undefined) context.skip(unsupported);
    const busy = new AbortController();
    const load = hammer(new URL('/settled/0', whole.world.gateway.traffic), busy.signal);
    const played = await play({ kind: 'gateway.cpu', cores: 0.1 }, whole.world);
    expect(played.proof).toMatch(/^the kernel has held the gateway back \d+ times, to 0\.1 cores$/);
    expect(await played.heal()).toBe('the gateway is limited no more');
    busy.abort();
    await load;
  });

  test.skipIf(toxiproxy === undefined)('the network between containers can be hurt', async () => {
    const played = await play({ kind: 'network.down', hop }, whole.world);
    expect(played.proof).toMatch(/an own request was (refused|cut)/);
    await played.heal();
    await serves();
  });

  test('with a few megabytes more the kernel holds the gateway to them', async (context) => {
    const unsupported = whole.world.memoryLimit.whyNot();
    if (unsupported !== undefined) context.skip(unsupported);
    await seeMemoryLimit(whole.world);
    await serves();
  }, 360_000);
});

async function hammer(url: URL, signal: AbortSignal): Promise<void> {
  const one = async (): Promise<void> => {
    while (!signal.aborted) await fetch(url).then((answer) => answer.text());
  };
  await Promise.all(Array.from({ length: 16 }, one));
}
