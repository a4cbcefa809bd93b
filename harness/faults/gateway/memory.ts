/** `gateway.memory`: the gateway's processes get less memory than they come to want. */
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Injector } from '../../model/injector.ts';
import { untilProven } from '../until.ts';
import { nameOf, runs, startAgain } from './processes.ts';

type Memory = Extract<GatewayFault, { kind: 'gateway.memory' }>;

const megabyte = 1_000_000;

export const gatewayMemory: Injector<Memory> = {
  about: {
    hop: 'gateway',
    does: 'all processes of the gateway together get so much more memory than they hold, and no more',
    proof: 'the kernel counts that they have come up against the limit',
    needs: 'cgroup v1 for memory, in which this user may make groups; or containers',
  },
  lacks: ({ missing }) => missing.memoryLimit,
  unsupported: (_fault, { memoryLimit }) => memoryLimit.whyNot(),
  prepare: async () => undefined,

  async inject({ megabytes }, world) {
    const name = nameOf(world);
    // Its main process may be the one that the kernel ends.
    world.expectEnd(name);
    await world.memoryLimit.set(megabytes * megabyte, world.processes(name).group);
    return {};
  },

  verify({ megabytes }, world, _before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const pressure = world.memoryLimit.state();
      if (pressure === undefined || pressure.reached === 0) return undefined;
      const limit = (pressure.limitBytes / megabyte).toFixed(0);
      return `the gateway has come up against its limit of ${limit} MB ${pressure.reached} times; the kernel has ended ${pressure.killed} of its processes`;
    };
    return untilProven(look, () => `the gateway does not want ${megabytes} MB more than it held`, signal);
  },

  async heal(_fault, world, { signal }) {
    await world.memoryLimit.lift();
    await startAgain(world, signal);
  },

  async verifyHealed(_fault, world) {
    if (world.memoryLimit.state() !== undefined) throw new HarnessError('HEAL_FAILED', 'the limit is still there');
    return `the gateway may hold what it wants; ${runs(world)}`;
  },
};
