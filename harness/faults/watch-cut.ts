/** `watch.cut`: every open watch stream is closed once at the etcd link, as by an etcd that sheds its watchers. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector } from '../model/ports.ts';
import { untilProven } from './until.ts';

type Cut = Extract<Fault, { kind: 'watch.cut' }>;

export const watchCut: Injector<Cut> = {
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(_fault, world) {
    const { cuts } = await world.link.counters();
    await world.link.cut();
    return { cuts };
  },

  verify(_fault, world, before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const cut = (await world.link.counters()).cuts - (before['cuts'] ?? 0);
      return cut > 0 ? `${cut} watch streams closed` : undefined;
    };
    return untilProven(look, () => 'no watch stream was open, so none was closed', signal);
  },

  // Closing is over at once; there is nothing to take back.
  heal: async () => undefined,
  verifyHealed: async () => 'a cut leaves nothing behind',
};
