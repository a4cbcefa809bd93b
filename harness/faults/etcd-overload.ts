/** `etcd.overload`: real clients press etcd with puts, ranges and watchers on keys outside the gateway's prefix. */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { Injector } from '../model/ports.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { prepareStorm, releaseStorm } from './storm/launch.ts';
import { type Change, calm, stormGraceMs, stormWorkload } from './storm/spec.ts';
import { untilProven } from './until.ts';

type Overload = Extract<Fault, { kind: 'etcd.overload' }>;

const name = 'etcd-overload';
const prefix = '/overload/';
const keys = 200;
/** Shares of the planned watchers and requests that must be seen in etcd's own metrics. */
const watchersShown = 0.9;
const requestsShown = 0.5;

export const etcdOverload: Injector<Overload> = {
  about: {
    hop: 'storm->etcd',
    does: 'real clients press etcd with puts, ranges and watchers on keys of their own',
    proof: "etcd's own metrics show the planned watchers and at least half of the planned requests",
  },
  unsupported: () => undefined,

  async prepare(fault, world, { holdMs, signal }) {
    const value = 'x'.repeat(fault.valueBytes);
    const list = Array.from({ length: keys }, (_, index): Change => ({ key: `${prefix}${index}`, value }));
    const workload = stormWorkload(name, world.folder, {
      etcd: world.etcd.origin,
      ...calm,
      changes: { ratePerSecond: fault.putsPerSecond, list },
      ranges: { ratePerSecond: fault.rangesPerSecond, prefix, limit: keys },
      watchers: { count: fault.watchers, prefix },
      lifetimeMs: holdMs + stormGraceMs,
    });
    await prepareStorm(workload, world, signal);
  },

  async inject(_fault, world, { signal }) {
    const before = await etcdMetrics(world.etcd, signal);
    releaseStorm(name, world);
    return { ...before, atMs: performance.now() };
  },

  verify(fault, world, before, { signal }) {
    let shown = 'etcd did not answer on /metrics';
    const look = async (): Promise<string | undefined> => {
      const now = await etcdMetrics(world.etcd, signal);
      const seconds = (performance.now() - (before['atMs'] ?? 0)) / 1_000;
      const watchers = now.watchers - (before['watchers'] ?? 0);
      const puts = (now.puts - (before['puts'] ?? 0)) / seconds;
      const ranges = (now.ranges - (before['ranges'] ?? 0)) / seconds;
      shown = `etcd shows +${watchers} watchers, ${puts.toFixed(0)} puts/s, ${ranges.toFixed(0)} ranges/s`;
      const enough =
        watchers >= watchersShown * fault.watchers &&
        puts >= requestsShown * fault.putsPerSecond &&
        ranges >= requestsShown * fault.rangesPerSecond;
      return enough ? shown : undefined;
    };
    return untilProven(look, () => `${shown}; planned were ${planned(fault)}`, signal, 200);
  },

  heal: (_fault, world) => world.stop(name),

  async verifyHealed(_fault, world) {
    if (world.running(name)) throw new HarnessError('HEAL_FAILED', 'the storm on etcd still runs after its heal');
    return 'the storm process is gone';
  },
};

function planned({ watchers, putsPerSecond, rangesPerSecond }: Overload): string {
  return `${watchers} watchers, ${putsPerSecond} puts/s, ${rangesPerSecond} ranges/s`;
}
