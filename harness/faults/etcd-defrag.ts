/** `etcd.defrag`: the store is rewritten; etcd answers nothing meanwhile. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { EtcdMember } from '../model/etcd.ts';
import type { Injector } from '../model/injector.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { untilServing, withEtcd } from './etcd-client.ts';
import { untilProven } from './until.ts';

type Defrag = Extract<Fault, { kind: 'etcd.defrag' }>;

export const etcdDefrag: Injector<Defrag> = {
  about: {
    hop: 'etcd',
    does: 'the store is defragmented once, which blocks etcd meanwhile',
    proof: 'etcd counts a defragmentation',
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(_fault, world, { signal }) {
    const { defrags } = await etcdMetrics(world, signal);
    const defrag = (member: EtcdMember): Promise<unknown> =>
      withEtcd({ ...world, members: [member] }, async (client) => client.maintenance.defragment());
    await Promise.all(world.members.map(defrag));
    return { defrags };
  },

  verify(_fault, world, before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const done = (await etcdMetrics(world, signal)).defrags - (before['defrags'] ?? 0);
      return done > 0 ? `etcd counts ${done} defragmentation` : undefined;
    };
    return untilProven(look, () => 'etcd counts no defragmentation', signal);
  },

  // It ends by itself.
  heal: async () => undefined,

  async verifyHealed(_fault, world, { signal }) {
    return `etcd serves at revision ${await untilServing(world, signal)}`;
  },
};
