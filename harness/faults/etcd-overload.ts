/** `etcd.overload`: real clients press etcd with puts, ranges and watchers on keys outside the gateway's prefix. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Change } from '../model/layout.ts';
import type { Injector } from '../model/injector.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { Storm, watchersCannotLogIn } from './storm/launch.ts';
import { untilProven } from './until.ts';

type Overload = Extract<Fault, { kind: 'etcd.overload' }>;

const storm = new Storm('etcd-overload');
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
  writes: ({ putsPerSecond }, { holdMs }) => ({
    count: Math.ceil((putsPerSecond * holdMs) / 1_000),
    keys: `${prefix}0 … ${keys - 1}`,
  }),
  unsupported: ({ watchers }, world) => (watchers > 0 ? watchersCannotLogIn(world) : undefined),

  async prepare(fault, world, context) {
    const value = 'x'.repeat(fault.valueBytes);
    const list = Array.from({ length: keys }, (_, index): readonly Change[] => [{ key: `${prefix}${index}`, value }]);
    await storm.prepare(world, context, {
      changes: { ratePerSecond: fault.putsPerSecond, list },
      ranges: { ratePerSecond: fault.rangesPerSecond, prefix, limit: keys },
      watchers: { count: fault.watchers, prefix },
    });
  },

  async inject(_fault, world, context) {
    const before = await etcdMetrics(world, context.signal);
    storm.release(world, context);
    return { ...before, atMs: performance.now() };
  },

  verify(fault, world, before, { signal }) {
    let shown = 'etcd did not answer on /metrics';
    const look = async (): Promise<string | undefined> => {
      const now = await etcdMetrics(world, signal);
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

  heal: (_fault, world, context) => storm.end(world, context),
  verifyHealed: async (_fault, world, context) => storm.verifyEnded(world, context),
};

function planned({ watchers, putsPerSecond, rangesPerSecond }: Overload): string {
  return `${watchers} watchers, ${putsPerSecond} puts/s, ${rangesPerSecond} ranges/s`;
}
