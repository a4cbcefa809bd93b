/** `gateway.files`: the gateway runs out of files that it may open, and of connections with them. */
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Injector } from '../../model/injector.ts';
import { outcome, request } from '../raw-request.ts';
import { untilProven } from '../until.ts';
import { nameOf } from './processes.ts';

type Files = Extract<GatewayFault, { kind: 'gateway.files' }>;

/** A gateway that runs answers in a few milliseconds. */
const silentMs = 300;

export const gatewayFiles: Injector<Files> = {
  about: {
    hop: 'gateway',
    does: 'no process of the gateway may have more files open, connections among them, than it has',
    proof: 'the host says that one can open no more, and a new connection of our own gets no answer',
    needs: 'prlimit (util-linux)',
  },
  lacks: ({ missing }) => missing.prlimit,
  unsupported: (_fault, { fileLimit }) => fileLimit.whyNot(),
  prepare: async () => undefined,

  async inject(_fault, world) {
    await world.fileLimit.set(world.processes(nameOf(world)).group);
    return {};
  },

  verify(_fault, world, _before, { signal }) {
    let shown = 'no process of the gateway is at its limit';
    const look = async (): Promise<string | undefined> => {
      const full = world.fileLimit.full() ?? [];
      const seen = await request(world.gateway.traffic, { path: '/', patienceMs: silentMs });
      shown = `${full.length} processes of the gateway can open no more files; an own request was ${outcome(seen)}`;
      return full.length > 0 && seen.status === undefined ? shown : undefined;
    };
    return untilProven(look, () => shown, signal, 10);
  },

  heal: (_fault, world) => world.fileLimit.lift(world.processes(nameOf(world)).group),

  async verifyHealed(_fault, world) {
    if (world.fileLimit.full() !== undefined) throw new HarnessError('HEAL_FAILED', 'the limit is still there');
    return 'the gateway may open files again';
  },
};
