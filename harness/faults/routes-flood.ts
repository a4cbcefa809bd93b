/** `routes.flood`: route changes at a rate, written to etcd by a client of their own (apache/apisix#12466). */
import type { Fault } from '../../scenarios/scenario.ts';
import { type Change, type RouteKeys, keyStarts } from '../model/layout.ts';
import type { FaultContext, Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { deleteKeys, untilNoKey } from './etcd-keys.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { byMix, floodRoutes, inTurn } from './flood-changes.ts';
import { groupPrefix } from './group.ts';
import { Storm } from './storm/launch.ts';
import { untilProven } from './until.ts';

type Flood = Extract<Fault, { kind: 'routes.flood' }>;

const storm = new Storm('routes-flood');
const changesShown = 0.5;
/** Time over which the rate is measured before it is believed. */
const measuredSeconds = 1;
/** Of a list of changes drawn by shares, which is played over and over where it is shorter than the flood. */
const mostChanges = 10_000;
const mostBytes = 16_777_216;

export const routesFlood: Injector<Flood> = {
  about: {
    hop: 'storm->etcd',
    does: 'routes are created, updated and deleted at a rate, in turn or by shares, and of any size',
    proof: "etcd's own metrics show at least half of the planned changes",
  },
  writes: ({ changesPerSecond }, { holdMs, step, route }) => ({
    count: Math.ceil((changesPerSecond * holdMs) / 1_000),
    keys: `${route(`flood-${step + 1}-0`)[0].key} … ${floodRoutes - 1}`,
  }),
  unsupported: () => undefined,

  prepare: (fault, world, context) =>
    storm.prepare(world, context, {
      changes: { ratePerSecond: fault.changesPerSecond, list: changes(fault, world, context) },
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

  async heal(fault, world, context) {
    await storm.end(world, context);
    await deleteKeys(world, keysOf(fault, world, context));
  },

  async verifyHealed(fault, world, context) {
    const ended = storm.verifyEnded(world, context);
    // What the storm had sent by its end may still arrive.
    await untilNoKey(world, keysOf(fault, world, context), context.signal);
    return `${ended}, and none of its routes is left`;
  },
};

/** What all its keys begin with; each step has routes of its own. */
function keysOf(fault: Flood, { driver, prefix }: World, { step }: FaultContext): readonly string[] {
  return keyStarts(driver, groupPrefix(fault, prefix), `flood-${step + 1}-`);
}

type Changes = readonly (readonly Change[])[];

function changes(flood: Flood, world: World, { step, holdMs, seed }: FaultContext): Changes {
  const { paths, mix, valueBytes, changesPerSecond } = flood;
  const put = (index: number, seq: number): RouteKeys => {
    const path = paths === 'same' ? '/flood' : `/flood/${step + 1}/${index}`;
    const priority = paths === 'same' ? index : 0;
    const spec = { id: `flood-${step + 1}-${index}`, path, seq, upstream: world.upstream, priority };
    const whole = valueBytes === undefined ? spec : { ...spec, valueBytes };
    return world.driver.route(groupPrefix(flood, world.prefix), whole);
  };
  if (mix === undefined) return inTurn(put);
  const wanted = Math.ceil((changesPerSecond * holdMs) / 1_000);
  const affordable = Math.max(floodRoutes, Math.floor(mostBytes / (valueBytes ?? 1)));
  return byMix(mix, Math.max(1, Math.min(wanted, mostChanges, affordable)), seed, put);
}
