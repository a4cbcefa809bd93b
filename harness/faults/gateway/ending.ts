/** `gateway.kill` and `gateway.term`: processes of the gateway end. They differ in the signal alone. */
import type { GatewayFault, GatewayTarget } from '../../../scenarios/gateway-faults.ts';
import type { Injector } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { untilProven } from '../until.ts';
import { aimAt, nameOf, runs, startAgain } from './processes.ts';

type Kill = Extract<GatewayFault, { kind: 'gateway.kill' }>;
type Term = Extract<GatewayFault, { kind: 'gateway.term' }>;

function ending<F extends Kill | Term>(send: NodeJS.Signals, does: string): Injector<F> {
  return {
    about: { hop: 'gateway', does, proof: 'the host knows the process no more' },
    asks: ({ target }) => (target === 'worker' ? ['worker-processes'] : []),
    unsupported: () => undefined,
    prepare: async () => undefined,

    async inject({ target }, world, context) {
      const { to, pid } = aimAt(target, world, context);
      if (target !== 'worker') world.expectEnd(nameOf(world));
      world.signal(nameOf(world), send, to);
      return { pid, atMs: performance.now() };
    },

    verify({ target }, world, { pid = 0, atMs = 0 }, { signal }) {
      const look = async (): Promise<string | undefined> => {
        const left = leftOf(target, pid, world);
        if (left === undefined) return undefined;
        return `${target} process ${pid} has ended after ${(performance.now() - atMs).toFixed(0)} ms; ${left}`;
      };
      return untilProven(look, () => `${target} process ${pid} lives`, signal, 10);
    },

    heal: ({ target }, world, { signal }) => (target === 'worker' ? Promise.resolve() : startAgain(world, signal)),
    verifyHealed: async (_fault, world) => runs(world),
  };
}

/** What is left of the gateway when that process has ended; undefined while it lives. */
function leftOf(target: GatewayTarget, pid: number, world: World): string | undefined {
  const { leader, children, group } = world.processes(nameOf(world));
  switch (target) {
    case 'worker':
      return children.includes(pid) ? undefined : `the gateway has ${children.length} others`;
    case 'master':
      return leader === pid ? undefined : `${group.length} processes of the gateway are left`;
    case 'gateway':
      return group.length > 0 ? undefined : 'nothing is left of the gateway';
  }
}

export const gatewayKill: Injector<Kill> = ending(
  'SIGKILL',
  'a worker, the master or the whole gateway is killed; a worker is not started again by us',
);

export const gatewayTerm: Injector<Term> = ending(
  'SIGTERM',
  'a worker, the master or the whole gateway is asked to end; a worker is not started again by us',
);
