/**
 * `etcd.wrong-cluster`: at the address of etcd another cluster answers, as after a slip in DNS or in a deployment. It is at
 * a higher revision, where that of the right one is no more than some thousands, and holds one route of its own and nothing
 * of the table. What is written meanwhile goes to it, too. At heal the right one is back, with its data, and what it lacks
 * is written again.
 */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import { commitChanges } from '../model/etcd-changes.ts';
import { etcdWorkload } from '../model/etcd-workload.ts';
import type { EtcdMember } from '../model/etcd.ts';
import type { FaultContext, Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { revisionOf, untilServing, withEtcd } from './etcd-client.ts';
import { statusOf } from './etcd-leadership.ts';
import { cannotBeAsked, startStopped, stopMembers, theLeader, verifyWhole } from './etcd-members.ts';
import { verifyKept } from './kept.ts';
import { untilProven } from './until.ts';

type WrongCluster = Extract<Fault, { kind: 'etcd.wrong-cluster' }>;

const token = 'another-cluster';
/** Outside of every gateway's prefix. */
const elsewhere = '/elsewhere';
/** Puts under way at one time, to get to a higher revision. */
const atOnce = 100;
/** Revisions ahead of the right cluster; and so many that getting there would take too long (after a bumped restore). */
const ahead = 100;
const most = 2_000;

export const etcdWrongCluster: Injector<WrongCluster> = {
  about: {
    hop: 'etcd',
    does: 'another cluster answers at the address of etcd, with a foreign route; at heal the right one is back and what it lacks is written again',
    proof: 'the id of the cluster is another one',
  },
  unsupported: (_fault, world) => cannotBeAsked(world),
  prepare: async () => undefined,

  async inject(_fault, world, context) {
    const { leader } = await theLeader(world, context.signal);
    const revision = await revisionOf(world);
    await stopMembers(world);
    const foreign = foreigner(world, context);
    const { etcd: command } = world.programs;
    // Nobody keeps its data: without waiting for the disk it is soon where it has to be.
    const args = ['--unsafe-no-fsync'];
    await world.launch(etcdWorkload(foreign, { command, cluster: [foreign], token, args }), context.signal);
    await untilServing(world, context.signal);
    await fill(world, Math.min(revision + ahead, most), context.signal);
    return { revision, cluster: Number(leader.clusterId) };
  },

  verify(_fault, world, before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const status = await statusOf(world.etcd, signal);
      if (status === undefined || Number(status.clusterId) === before['cluster']) return undefined;
      const missing = await world.kept.missing(signal);
      return `cluster ${status.clusterId} answers, at revision ${status.revision} and without ${missing.length} routes; the right one was at ${before['revision']}`;
    };
    return untilProven(look, () => 'no other cluster answers at the address of etcd', signal);
  },

  async heal(_fault, world, context) {
    await world.stop(foreigner(world, context).name);
    await startStopped(world, context.signal);
    await verifyWhole(world, context.signal);
    await world.kept.writeAgain(context.signal);
  },

  async verifyHealed(_fault, world, context) {
    const { name } = foreigner(world, context);
    if (world.running(name)) throw new HarnessError('HEAL_FAILED', `${name} still runs`);
    return verifyKept(world, context.signal);
  },
};

/** Where the first member was, with a folder of its own. */
function foreigner({ members: [first] }: World, { step }: FaultContext): EtcdMember {
  const name = `etcd-of-others-${step + 1}`;
  return { ...first, name, data: `${first.data}-of-others-${step + 1}` };
}

/** Writes until it is at that revision, last of all a route. */
async function fill(world: World, revision: number, signal: AbortSignal): Promise<void> {
  await withEtcd(world, async (client) => {
    for (let written = 0; written < revision; written += atOnce) {
      signal.throwIfAborted();
      const puts = Array.from({ length: atOnce }, (_, index) => client.put(elsewhere).value(index).exec());
      await Promise.all(puts);
    }
    const spec = { id: 'foreign', path: '/foreign', seq: 0, upstream: world.upstream };
    await commitChanges(client, world.driver.route(world.prefix, spec));
  });
}
