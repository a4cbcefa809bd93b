/** `gateway.cpu`: the gateway's processes get less of the cores than they want. */
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Injector } from '../../model/injector.ts';
import { untilProven } from '../until.ts';
import { nameOf } from './processes.ts';

type Cpu = Extract<GatewayFault, { kind: 'gateway.cpu' }>;

export const gatewayCpu: Injector<Cpu> = {
  about: {
    hop: 'gateway',
    does: 'all processes of the gateway together get so many cores and no more',
    proof: 'the kernel counts that it has held them back',
    needs: 'cgroup v1 for cpu, in which this user may make groups; or containers',
  },
  lacks: ({ missing }) => missing.cpuLimit,
  unsupported: (_fault, { cpuLimit }) => cpuLimit.whyNot(),
  prepare: async () => undefined,

  async inject({ cores }, world) {
    await world.cpuLimit.set(cores, world.processes(nameOf(world)).group);
    return {};
  },

  verify({ cores }, world, _before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const throttled = world.cpuLimit.throttled() ?? 0;
      return throttled > 0 ? `the kernel has held the gateway back ${throttled} times, to ${cores} cores` : undefined;
    };
    return untilProven(look, () => `the gateway does not want more than ${cores} cores`, signal);
  },

  heal: (_fault, world) => world.cpuLimit.lift(),

  async verifyHealed(_fault, world) {
    if (world.cpuLimit.throttled() !== undefined) throw new HarnessError('HEAL_FAILED', 'the limit is still there');
    return 'the gateway is limited no more';
  },
};
