/** `gateway.pause`: processes of the gateway stand still. The kernel goes on taking connections for them. */
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Injector } from '../../model/injector.ts';
import { request } from '../raw-request.ts';
import { untilProven } from '../until.ts';
import { aimAt, nameOf } from './processes.ts';

type Pause = Extract<GatewayFault, { kind: 'gateway.pause' }>;

/** A gateway that runs answers in a few milliseconds. */
const silentMs = 300;

export const gatewayPause: Injector<Pause> = {
  about: {
    hop: 'gateway',
    does: 'a worker, the master or the whole gateway stands still',
    proof:
      'the host says that it stands still; of a whole gateway, a request of our own is taken and not answered in 300 ms',
  },
  asks: ({ target }) => (target === 'worker' ? ['worker-processes'] : []),
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject({ target }, world, context) {
    const { to, pid } = aimAt(target, world, context);
    world.signal(nameOf(world), 'SIGSTOP', to);
    return { pid };
  },

  verify({ target }, world, { pid = 0 }, { signal }) {
    let shown = '';
    const look = async (): Promise<string | undefined> => {
      const { stopped, group } = world.processes(nameOf(world));
      shown = `process ${pid} is the ${target}; ${stopped.length} of ${group.length} processes stand still`;
      if (!stopped.includes(pid) || (target === 'gateway' && stopped.length < group.length)) return undefined;
      if (target !== 'gateway') return shown;
      const { end } = await request(world.gateway.traffic, { path: '/', patienceMs: silentMs });
      return end === 'open' ? `${shown}; a request gets no answer in ${silentMs} ms` : undefined;
    };
    return untilProven(look, () => shown, signal, 10);
  },

  async heal(_fault, world) {
    world.signal(nameOf(world), 'SIGCONT', 'group');
  },

  async verifyHealed(_fault, world, { signal }) {
    const look = async (): Promise<string | undefined> =>
      world.processes(nameOf(world)).stopped.length === 0 ? 'no process of the gateway stands still' : undefined;
    return untilProven(look, () => 'a process of the gateway still stands still', signal, 10).catch(
      (cause: unknown) => {
        throw new HarnessError('HEAL_FAILED', (cause as Error).message, { cause });
      },
    );
  },
};
