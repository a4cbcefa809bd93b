/** `gateway.cold-start`: the gateway starts from nothing while other faults of the timeline hold. */
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import type { Injector } from '../../model/injector.ts';
import { outcome, request } from '../raw-request.ts';
import { untilProven } from '../until.ts';
import { aimAt, nameOf, runs, startAgain } from './processes.ts';

type ColdStart = Extract<GatewayFault, { kind: 'gateway.cold-start' }>;

/** Of the hold. One that has not said by then that it is ready is told of as it is: that is no failure of the fault. */
const watchedShare = 0.5;
const answerMs = 300;
/** Of every scenario: it carries load and never changes. */
const settledRoute = '/settled/0';

export const gatewayColdStart: Injector<ColdStart> = {
  about: {
    hop: 'gateway',
    does: 'the gateway is killed and started again while other faults hold',
    proof:
      'it runs as another process; said is whether it calls itself ready, and what it answers for a route of its table',
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(_fault, world, context) {
    const name = nameOf(world);
    const { pid } = aimAt('master', world, context);
    await world.stop(name);
    await world.restart(name, context.signal);
    return { pid, atMs: performance.now() };
  },

  verify(_fault, world, { pid = 0, atMs = 0 }, { holdMs, signal }) {
    const look = async (): Promise<string | undefined> => {
      const { leader } = world.processes(nameOf(world));
      const ready = await world.gateway.ready(signal);
      const afterMs = performance.now() - atMs;
      if (leader === undefined || leader === pid || (!ready && afterMs < watchedShare * holdMs)) return undefined;
      const seen = await request(world.gateway.traffic, { path: settledRoute, patienceMs: answerMs });
      const says = ready ? 'says that it is ready' : 'is not ready';
      return `process ${leader} ${says} ${afterMs.toFixed(0)} ms after its start; a settled route is ${outcome(seen)}`;
    };
    return untilProven(look, () => 'the gateway does not run as another process', signal);
  },

  heal: (_fault, world, { signal }) => startAgain(world, signal),
  verifyHealed: async (_fault, world) => runs(world),
};
