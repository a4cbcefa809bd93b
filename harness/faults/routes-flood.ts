/** `routes.flood`: route changes at a rate, written to etcd by a client of their own (apache/apisix#12466). */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector, World } from '../model/ports.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { Storm } from './storm/launch.ts';
import type { Change } from './storm/spec.ts';
import { untilProven } from './until.ts';

type Flood = Extract<Fault, { kind: 'routes.flood' }>;

const storm = new Storm('routes-flood');
/** Flood routes that exist at one time; each is created, updated and deleted in turn. */
const routes = 100;
const changesShown = 0.5;
/** Time over which the rate is measured before it is believed. */
const measuredSeconds = 1;

export const routesFlood: Injector<Flood> = {
  about: {
    hop: 'storm->etcd',
    does: 'routes are created, updated and deleted at a rate',
    proof: "etcd's own metrics show at least half of the planned changes",
  },
  unsupported: () => undefined,

  prepare: (fault, world, context) =>
    storm.prepare(world, context, {
      changes: { ratePerSecond: fault.changesPerSecond, list: changes(fault, world) },
    }),

  async inject(_fault, world, context) {
    const before = await etcdMetrics(world, context.signal);
    storm.release(world, context);
    return { written: before.puts + before.deletes, atMs: performance.now() };
  },

  verify(fault, world, before, { signal }) {
    let shown = 'etcd did not answer on /metrics';
    const look = async (): Promise<string | undefined> => {
      const now = await etcdMetrics(world, signal);
      const seconds = (performance.now() - (before['atMs'] ?? 0)) / 1_000;
      const rate = (now.puts + now.deletes - (before['written'] ?? 0)) / seconds;
      shown = `etcd shows ${rate.toFixed(0)} changes/s`;
      return seconds >= measuredSeconds && rate >= changesShown * fault.changesPerSecond ? shown : undefined;
    };
    return untilProven(look, () => `${shown}; planned were ${fault.changesPerSecond}`, signal, 200);
  },

  heal: (_fault, world, context) => storm.end(world, context),
  verifyHealed: async (_fault, world, context) => storm.verifyEnded(world, context),
};

/** Creates all, updates all, deletes all: the list is played over and over. */
function changes({ paths }: Flood, world: World): readonly Change[] {
  const put = (index: number, seq: number): Change => {
    const path = paths === 'same' ? '/flood' : `/flood/${index}`;
    const spec = { id: `flood-${index}`, path, seq, upstream: world.upstream, priority: paths === 'same' ? index : 0 };
    return world.driver.route(world.prefix, spec);
  };
  const all = Array.from({ length: routes }, (_, index) => index);
  const deletes = all.map((index): Change => ({ key: put(index, 0).key }));
  return [...all.map((index) => put(index, 1)), ...all.map((index) => put(index, 2)), ...deletes];
}
