/**
 * `etcd.restore`: etcd is put back to a snapshot of before the load, with etcd's own tool. `plain`: at the snapshot's
 * revision, so that a watch from where it was waits in vain until etcd has passed it (apache/apisix#11144). `bumped`: at a
 * much higher one, with all history compacted, so that every watch is told (etcd-io/etcd#16028). What was acknowledged since
 * the snapshot is not in etcd while the step holds, and is written again at heal.
 */
import { execFile } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import { initialCluster } from '../model/etcd-workload.ts';
import type { EtcdMember } from '../model/etcd.ts';
import type { FaultContext, Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { revisionOf, withEtcd } from './etcd-client.ts';
import { cannotBeAsked, startStopped, stopMembers, verifyWhole } from './etcd-members.ts';
import { saveSnapshot } from './etcd-snapshot.ts';
import { verifyKept } from './kept.ts';
import { untilProven } from './until.ts';

type Restore = Extract<Fault, { kind: 'etcd.restore' }>;

/** More than a trial ever writes. Revisions. */
const bump = 1_000_000;
const bumped = [`--bump-revision=${bump}`, '--mark-compacted'];

export const etcdRestore: Injector<Restore> = {
  about: {
    hop: 'etcd',
    does: 'etcd is put back to a snapshot of before the load, at its revision or at a bumped one; at heal what it lacks is written again',
    proof: 'its revision is lower than it was; or higher by the bump, and what was before is compacted',
    needs: 'etcdutl, or Go to build it',
  },

  lacks: ({ missing }) => missing.etcdutl,

  unsupported: (_fault, world) =>
    world.programs.etcdutl === undefined
      ? 'there is no etcdutl, which restores snapshots (gatecrash doctor)'
      : cannotBeAsked(world),

  async prepare(fault, world, context) {
    const snapshot = path.join(world.folder, `snapshot-${context.step + 1}.db`);
    await saveSnapshot(world, snapshot, context.signal);
    for (const member of world.members) await restore(fault, world, member, snapshot, context);
    rmSync(snapshot);
  },

  async inject(_fault, world, context) {
    const revision = await revisionOf(world);
    await stopMembers(world);
    for (const member of world.members) {
      rmSync(member.data, { recursive: true, force: true });
      renameSync(restored(member, context), member.data);
    }
    await startStopped(world, context.signal);
    return { revision };
  },

  verify(fault, world, before, { signal }) {
    const was = before['revision'] ?? 0;
    const look = async (): Promise<string | undefined> => {
      const revision = await revisionOf(world).catch(() => undefined);
      if (revision === undefined) return undefined;
      if (fault.revision === 'plain') {
        const missing = revision < was ? await world.kept.missing(signal) : undefined;
        if (missing === undefined) return undefined;
        return `etcd is at revision ${revision} and lacks ${missing.length} changes; it was at ${was}`;
      }
      const compacted = revision > bump && (await isCompacted(world, was));
      return compacted ? `etcd is at revision ${revision}; ${was}, where it was, is compacted` : undefined;
    };
    return untilProven(look, () => `etcd does not serve the restored snapshot; it was at revision ${was}`, signal);
  },

  async heal(_fault, world, { signal }) {
    await startStopped(world, signal);
    await verifyWhole(world, signal);
    await world.kept.writeAgain(signal);
  },

  verifyHealed: (_fault, world, { signal }) => verifyKept(world, signal),
};

function restored({ data }: EtcdMember, { step }: FaultContext): string {
  return `${data}-restored-${step + 1}`;
}

/** Makes the folder of a member out of a snapshot; etcd may run meanwhile. */
async function restore(
  { revision }: Restore,
  { programs, members }: World,
  member: EtcdMember,
  snapshot: string,
  context: FaultContext,
): Promise<void> {
  const { etcdutl } = programs;
  if (etcdutl === undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', 'there is no etcdutl');
  const args = ['snapshot', 'restore', snapshot, `--name=${member.name}`, `--data-dir=${restored(member, context)}`];
  args.push(`--initial-advertise-peer-urls=${member.peer.origin}`, `--initial-cluster=${initialCluster(members)}`);
  args.push('--initial-cluster-token=gatecrash', ...(revision === 'bumped' ? bumped : []));
  await promisify(execFile)(etcdutl, args, { signal: context.signal });
}

async function isCompacted(world: World, revision: number): Promise<boolean> {
  const read = withEtcd(world, async (client) => client.get('\0').revision(revision).exec());
  return read.then(
    () => false,
    (error: unknown) => String(error).includes('compacted'),
  );
}
