/** `gateway.restart`: the gateway is asked to end as by whoever runs services, and started again at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import type { Injector } from '../../model/injector.ts';
import { untilProven } from '../until.ts';
import { aimAt, nameOf, runs, startAgain } from './processes.ts';

type Restart = Extract<GatewayFault, { kind: 'gateway.restart' }>;

/** One that has not ended by then is killed. Milliseconds. */
const graceMs = 3_000;

export const gatewayRestart: Injector<Restart> = {
  about: {
    hop: 'gateway',
    does: 'the gateway is asked to end, and started again at once',
    proof: 'it runs as another process',
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(_fault, world, context) {
    const name = nameOf(world);
    const { pid } = aimAt('master', world, context);
    const askedMs = performance.now();
    world.expectEnd(name);
    world.signal(name, 'SIGTERM');
    while (world.processes(name).leader !== undefined && performance.now() - askedMs < graceMs)
      await sleep(10, undefined, { signal: context.signal });
    const endedMs = performance.now() - askedMs;
    await world.stop(name);
    await world.restart(name, context.signal);
    return { pid, endedMs };
  },

  verify(_fault, world, { pid = 0, endedMs = 0 }, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const { leader } = world.processes(nameOf(world));
      if (leader === undefined || leader === pid) return undefined;
      const how = endedMs < graceMs ? 'ended' : 'was killed';
      return `process ${pid} ${how} after ${endedMs.toFixed(0)} ms; the gateway runs as process ${leader}`;
    };
    return untilProven(look, () => 'the gateway does not run as another process', signal);
  },

  heal: (_fault, world, { signal }) => startAgain(world, signal),
  verifyHealed: async (_fault, world) => runs(world),
};
