/** `gateway.upgrade`: the build under test takes over from the one in production, and gives back at heal, under load. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Injector } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { untilProven } from '../until.ts';
import { nameOf, runs, startAgain } from './processes.ts';

type Upgrade = Extract<GatewayFault, { kind: 'gateway.upgrade' }>;

/** Who is asked to end has this share of the hold for it; then it is killed, as by those who run services. */
const graceShare = 0.5;
/** On the way back: a heal has a deadline of its own. */
const graceBackMs = 2_000;

export const gatewayUpgrade: Injector<Upgrade> = {
  about: {
    hop: 'client->gateway',
    does: 'a gateway of the build under test starts beside the one in production, takes the new connections, and the old one is asked to end; at heal the other way around',
    proof: 'the new one has said that it is ready before it got a connection, and the old one runs no more',
  },
  unsupported: (_fault, { front }) => (front === undefined ? 'nothing stands before the gateway' : undefined),
  prepare: async () => undefined,

  async inject(_fault, world, { step, holdMs, signal }) {
    const atMs = performance.now();
    const next = await world.launchGateway(suffix(step), signal, 'under-test');
    const limit = AbortSignal.any([signal, AbortSignal.timeout(holdMs)]);
    const late = (): string => `the build under test did not get ready within ${holdMs} ms`;
    const ready = async (): Promise<string | undefined> => {
      if (await next.ready(limit)) return 'it is ready';
      if (performance.now() - atMs > holdMs) throw new HarnessError('FAULT_NOT_CONFIRMED', late());
      return undefined;
    };
    await untilProven(ready, late, limit, 20);
    const readyMs = performance.now() - atMs;
    await world.front?.lead(next.traffic);
    world.expectEnd(nameOf(world));
    world.signal(nameOf(world), 'SIGTERM');
    return { readyMs, askedMs: performance.now() };
  },

  async verify(_fault, world, { readyMs = 0, askedMs = 0 }, { step, holdMs, signal }) {
    const old = nameOf(world);
    const how = await ended(world, old, askedMs + graceShare * holdMs, signal);
    const tookMs = performance.now() - askedMs;
    const look = async (): Promise<string | undefined> => {
      if (world.running(old) || world.processes(upgraded(world, step)).leader === undefined) return undefined;
      return `the build under test was ready after ${readyMs.toFixed(0)} ms; the old gateway ${how} ${tookMs.toFixed(0)} ms after it was asked to end`;
    };
    return untilProven(look, () => 'the gateway of the build under test does not run', signal);
  },

  async heal(_fault, world, { step, signal }) {
    const next = upgraded(world, step);
    // The old one may still be on its way out: what takes over must not be what ends.
    if (world.running(next)) await world.stop(nameOf(world));
    await startAgain(world, signal);
    while (!(await world.gateway.ready(signal))) await sleep(20, undefined, { signal });
    await world.front?.lead();
    if (!world.running(next)) return;
    world.expectEnd(next);
    world.signal(next, 'SIGTERM');
    await ended(world, next, performance.now() + graceBackMs, signal);
  },

  async verifyHealed(_fault, world, { step }) {
    if (world.running(upgraded(world, step))) throw new HarnessError('HEAL_FAILED', 'the upgraded gateway still runs');
    return runs(world);
  },
};

/** Resolves once nothing of it runs, by itself or, from that time on, killed. */
async function ended(
  world: World,
  name: string,
  untilMs: number,
  signal: AbortSignal,
): Promise<'ended' | 'was killed'> {
  const lives = (): boolean => world.processes(name).group.length > 0;
  while (lives() && performance.now() < untilMs) await sleep(10, undefined, { signal });
  const how = lives() ? 'was killed' : 'ended';
  await world.stop(name);
  return how;
}

function suffix(step: number): string {
  return `upgraded-${step + 1}`;
}

function upgraded(world: World, step: number): string {
  return `${nameOf(world)}-${suffix(step)}`;
}
