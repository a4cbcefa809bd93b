/** `watch.stall`: the watch streams go silent at the etcd link; everything else on the link lives (apache/apisix#13067). */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { Injector, LinkCounters } from '../model/ports.ts';
import { untilProven } from './until.ts';

type Stall = Extract<Fault, { kind: 'watch.stall' }>;

export const watchStall: Injector<Stall> = {
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(fault, world) {
    const before = await world.link.counters();
    await world.link.stall(fault.mode);
    return { withheldBytes: before.withheldBytes, unaryFailed: before.unaryFailed };
  },

  verify(fault, world, before, { signal }) {
    let last: LinkCounters | undefined;
    const look = async (): Promise<string | undefined> => {
      last = await world.link.counters();
      const withheld = last.withheldBytes - (before['withheldBytes'] ?? 0);
      if (withheld === 0 || last.withheldStreams === 0) return undefined;
      return `${last.withheldStreams} watch streams silent (${fault.mode}), ${withheld} bytes withheld, ${last.unaryCalls} unary calls passed`;
    };
    const otherwise = (): string =>
      `no byte of a watch was withheld: ${last?.watchesOpen ?? 0} watches open, ${last?.withheldStreams ?? 0} silenced`;
    return untilProven(look, otherwise, signal);
  },

  heal: (_fault, world) => world.link.heal(),

  async verifyHealed(_fault, world) {
    const { stalling } = await world.link.counters();
    if (stalling) throw new HarnessError('HEAL_FAILED', 'the etcd link still withholds watch bytes after its heal');
    return 'the etcd link lets watch bytes pass';
  },
};
