/** `routes.noop`: routes are written again as they are. Every put is an event with a new revision and no news. */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { Injector, World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { prepareStorm, releaseStorm } from './storm/launch.ts';
import { type Change, calm, stormGraceMs, stormWorkload } from './storm/spec.ts';
import { untilProven } from './until.ts';

type Noop = Extract<Fault, { kind: 'routes.noop' }>;

const name = 'routes-noop';
const putsShown = 0.5;
const measuredSeconds = 1;

export const routesNoop: Injector<Noop> = {
  unsupported: () => undefined,

  async prepare(fault, world, { holdMs, signal }) {
    const list = await settledRoutes(world);
    if (list.length === 0) throw new HarnessError('FAULT_NOT_CONFIRMED', 'routes.noop: the table has no settled route');
    const changes = { ratePerSecond: fault.putsPerSecond, list };
    const spec = { etcd: world.etcd.origin, ...calm, changes, lifetimeMs: holdMs + stormGraceMs };
    await prepareStorm(stormWorkload(name, world.folder, spec), world, signal);
  },

  async inject(_fault, world, { signal }) {
    const { puts } = await etcdMetrics(world.etcd, signal);
    releaseStorm(name, world);
    return { puts, atMs: performance.now() };
  },

  verify(fault, world, before, { signal }) {
    let shown = 'etcd did not answer on /metrics';
    const look = async (): Promise<string | undefined> => {
      const { puts } = await etcdMetrics(world.etcd, signal);
      const seconds = (performance.now() - (before['atMs'] ?? 0)) / 1_000;
      const rate = (puts - (before['puts'] ?? 0)) / seconds;
      shown = `etcd shows ${rate.toFixed(0)} puts/s`;
      return seconds >= measuredSeconds && rate >= putsShown * fault.putsPerSecond ? shown : undefined;
    };
    return untilProven(look, () => `${shown}; planned were ${fault.putsPerSecond}`, signal, 200);
  },

  heal: (_fault, world) => world.stop(name),

  async verifyHealed(_fault, world) {
    if (world.running(name)) throw new HarnessError('HEAL_FAILED', 'routes are still written again after the heal');
    return 'nobody writes unchanged routes any more';
  },
};

/** Those that nobody else writes: an old value of a probe route, written again, would undo what the trial has written. */
async function settledRoutes({ etcd, driver, prefix, upstream }: World): Promise<readonly Change[]> {
  const { key } = driver.route(prefix, { id: 'settled-', path: '/', seq: 0, upstream });
  const found = await withEtcd(etcd, async (client) => client.getAll().prefix(key).strings());
  return Object.entries(found).map(([key, value]) => ({ key, value }));
}
