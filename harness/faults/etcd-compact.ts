/**
 * `etcd.compact`: all history is compacted, again and again. A watch that is behind gets `canceled` with the compacted
 * revision, and its client has to list again (apache/apisix#12167, #13303).
 */
import type { Fault } from '../../scenarios/scenario.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import { HarnessError } from '../model/errors.ts';
import type { Injector } from '../model/ports.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { prepareStorm, releaseStorm } from './storm/launch.ts';
import { calm, stormGraceMs, stormWorkload } from './storm/spec.ts';
import { untilProven } from './until.ts';

type Compact = Extract<Fault, { kind: 'etcd.compact' }>;

const name = 'etcd-compact';

export const etcdCompact: Injector<Compact> = {
  unsupported: () => undefined,

  async prepare(fault, world, { holdMs, signal }) {
    const compactions = { ratePerSecond: 1_000 / milliseconds(fault.every) };
    const spec = { etcd: world.etcd.origin, ...calm, compactions, lifetimeMs: holdMs + stormGraceMs };
    await prepareStorm(stormWorkload(name, world.folder, spec), world, signal);
  },

  async inject(_fault, world, { signal }) {
    const { compactions } = await etcdMetrics(world.etcd, signal);
    releaseStorm(name, world);
    return { compactions };
  },

  verify(_fault, world, before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const done = (await etcdMetrics(world.etcd, signal)).compactions - (before['compactions'] ?? 0);
      return done > 0 ? `etcd counts ${done} compactions` : undefined;
    };
    return untilProven(look, () => 'etcd counts no compaction: nothing was written since the last one?', signal);
  },

  heal: (_fault, world) => world.stop(name),

  async verifyHealed(_fault, world) {
    if (world.running(name)) throw new HarnessError('HEAL_FAILED', 'etcd is still being compacted after the heal');
    return 'nobody compacts etcd any more';
  },
};
