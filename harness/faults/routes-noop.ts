/** `routes.noop`: routes are written again as they are. Every put is an event with a new revision and no news. */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import { type Change, keyStarts } from '../model/layout.ts';
import type { Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { Storm } from './storm/launch.ts';
import { untilProven } from './until.ts';

type Noop = Extract<Fault, { kind: 'routes.noop' }>;

const storm = new Storm('routes-noop');
const putsShown = 0.5;
const measuredSeconds = 1;

export const routesNoop: Injector<Noop> = {
  about: {
    hop: 'storm->etcd',
    does: 'settled routes are written again as they are, at a rate',
    proof: 'etcd counts at least half of the planned puts',
  },
  writes: ({ putsPerSecond }, { holdMs, settled, route }) => ({
    count: Math.ceil((putsPerSecond * holdMs) / 1_000),
    keys: `${route('settled-0')[0].key} … ${settled - 1}`,
  }),
  unsupported: () => undefined,

  async prepare(fault, world, context) {
    const list = await settledRoutes(world);
    if (list.length === 0) throw new HarnessError('FAULT_NOT_CONFIRMED', 'routes.noop: the table has no settled route');
    await storm.prepare(world, context, { changes: { ratePerSecond: fault.putsPerSecond, list } });
  },

  async inject(_fault, world, context) {
    const { puts } = await etcdMetrics(world, context.signal);
    storm.release(world, context);
    return { puts, atMs: performance.now() };
  },

  verify(fault, world, before, { signal }) {
    let shown = 'etcd did not answer on /metrics';
    const look = async (): Promise<string | undefined> => {
      const { puts } = await etcdMetrics(world, signal);
      const seconds = (performance.now() - (before['atMs'] ?? 0)) / 1_000;
      const rate = (puts - (before['puts'] ?? 0)) / seconds;
      shown = `etcd shows ${rate.toFixed(0)} puts/s`;
      return seconds >= measuredSeconds && rate >= putsShown * fault.putsPerSecond ? shown : undefined;
    };
    return untilProven(look, () => `${shown}; planned were ${fault.putsPerSecond}`, signal, 200);
  },

  heal: (_fault, world, context) => storm.end(world, context),
  verifyHealed: async (_fault, world, context) => storm.verifyEnded(world, context),
};

/** Those that nobody else writes: an old value of a probe route, written again, would undo what the trial has written. */
async function settledRoutes(world: World): Promise<readonly (readonly Change[])[]> {
  const starts = keyStarts(world.driver, world.prefix, 'settled-');
  const found = await withEtcd(world, (client) =>
    Promise.all(starts.map(async (start) => client.getAll().prefix(start).strings())),
  );
  return found.flatMap((each) => Object.entries(each).map(([key, value]) => [{ key, value }]));
}
