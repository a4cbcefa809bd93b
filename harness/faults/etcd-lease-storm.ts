/**
 * `etcd.lease-storm`: many routes, each bound to a lease that nobody renews. The leases run out together, and etcd deletes
 * the routes in bursts (etcd-io/etcd#9294).
 */
import type { Fault } from '../../scenarios/scenario.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import { HarnessError } from '../model/errors.ts';
import { type RouteKeys, keyStarts } from '../model/layout.ts';
import type { FaultContext, Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { countKeys, deleteKeys } from './etcd-keys.ts';
import { etcdMetrics } from './etcd-metrics.ts';
import { Storm } from './storm/launch.ts';
import { untilProven } from './until.ts';

type LeaseStorm = Extract<Fault, { kind: 'etcd.lease-storm' }>;

const storm = new Storm('etcd-lease-storm');
/** Ids are chosen, so that a heal knows them: these, and as many for each step. */
const firstId = 7_000_000;
const idsOfAStep = 100_000;

export const etcdLeaseStorm: Injector<LeaseStorm> = {
  about: {
    hop: 'storm->etcd',
    does: 'many routes are bound to leases that nobody renews, and are deleted when these run out together',
    proof: 'etcd counts the leases as granted, and then as expired',
  },
  unsupported: () => undefined,

  prepare: ({ leases, ttl }, world, context) =>
    storm.prepare(world, context, {
      leases: {
        firstId: firstIdOf(context),
        ttlSeconds: Math.ceil(milliseconds(ttl) / 1_000),
        list: Array.from({ length: leases }, (_, index) => bound(world, index)),
      },
    }),

  async inject(_fault, world, context) {
    const { leasesGranted, leasesExpired } = await etcdMetrics(world, context.signal);
    storm.release(world, context);
    return { leasesGranted, leasesExpired };
  },

  verify({ leases }, world, before, { signal }) {
    let shown = 'etcd did not answer on /metrics';
    const look = async (): Promise<string | undefined> => {
      const now = await etcdMetrics(world, signal);
      const granted = now.leasesGranted - (before['leasesGranted'] ?? 0);
      const expired = now.leasesExpired - (before['leasesExpired'] ?? 0);
      shown = `etcd counts ${granted} leases granted and ${expired} expired`;
      return granted >= leases && expired >= leases ? shown : undefined;
    };
    return untilProven(look, () => `${shown}; planned were ${leases}`, signal, 200);
  },

  async heal(_fault, world, context) {
    await storm.end(world, context);
    await withEtcd(world, async (client) => {
      for (const ID of await leasesLeft(world, context)) await client.leaseClient.leaseRevoke({ ID });
    });
    await deleteKeys(world, keysOf(world));
  },

  async verifyHealed(_fault, world, context) {
    const leases = (await leasesLeft(world, context)).length;
    const routes = await countKeys(world, keysOf(world));
    if (leases + routes > 0) throw new HarnessError('HEAL_FAILED', `${leases} leases and ${routes} routes are left`);
    return `${storm.verifyEnded(world, context)}, and no lease or route of it is left`;
  },
};

function firstIdOf({ step }: FaultContext): number {
  return firstId + step * idsOfAStep;
}

async function leasesLeft(world: World, context: FaultContext): Promise<readonly string[]> {
  const { leases } = await withEtcd(world, async (client) => client.leaseClient.leaseLeases());
  const first = firstIdOf(context);
  return leases.map(({ ID }) => ID).filter((id) => Number(id) >= first && Number(id) < first + idsOfAStep);
}

function bound({ driver, prefix, upstream }: World, index: number): RouteKeys {
  return driver.route(prefix, { id: `leased-${index}`, path: `/leased/${index}`, seq: index, upstream });
}

/** Of all of them; the number follows. */
function keysOf({ driver, prefix }: World): readonly string[] {
  return keyStarts(driver, prefix, 'leased-');
}
