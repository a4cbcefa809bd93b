/**
 * `etcd.compact`: all history is compacted, again and again. A watch that is behind gets `canceled` with the compacted
 * revision, and its client has to list again (apache/apisix#12167, #13303).
 */
import type { Fault } from '../../scenarios/scenario.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { Injector } from '../model/injector.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { Storm } from './storm/launch.ts';
import { untilProven } from './until.ts';

type Compact = Extract<Fault, { kind: 'etcd.compact' }>;

const storm = new Storm('etcd-compact');

export const etcdCompact: Injector<Compact> = {
  about: {
    hop: 'storm->etcd',
    does: 'all history is compacted, again and again',
    proof: 'etcd counts compactions',
  },
  unsupported: () => undefined,

  prepare: (fault, world, context) =>
    storm.prepare(world, context, { compactions: { ratePerSecond: 1_000 / milliseconds(fault.every) } }),

  async inject(_fault, world, context) {
    const { compactions } = await etcdMetrics(world, context.signal);
    storm.release(world, context);
    return { compactions };
  },

  verify(_fault, world, before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const done = (await etcdMetrics(world, signal)).compactions - (before['compactions'] ?? 0);
      return done > 0 ? `etcd counts ${done} compactions` : undefined;
    };
    return untilProven(look, () => 'etcd counts no compaction: nothing was written since the last one?', signal);
  },

  heal: (_fault, world, context) => storm.end(world, context),
  verifyHealed: async (_fault, world, context) => storm.verifyEnded(world, context),
};
