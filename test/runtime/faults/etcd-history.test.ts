/** Faults by which etcd loses what it has acknowledged: seen by a client of the test's own, and all there again after. */
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { seedTable } from '../../../harness/load/seed-table.ts';
import { hostsOf } from '../../../harness/model/etcd-access.ts';
import type { World } from '../../../harness/model/ports.ts';
import { labelled } from '../../../harness/runtimes/residue.ts';
import { etcdutl } from '../../../harness/tools/etcd-companions.ts';
import { companion } from '../../support/etcd-companion.ts';
import { toldBy } from '../../support/etcd-json.ts';
import { played } from '../../support/played-fault.ts';
import { type TrialWorld, startTrialWorld } from '../../support/trial-world.ts';

const signal = AbortSignal.timeout(300_000);
const restores = await companion(etcdutl);

/** Route ids to what they answer, as they are in etcd. */
async function stored({ members }: World): Promise<Readonly<Record<string, string>>> {
  const client = new Etcd3({ hosts: hostsOf(members.map((member) => member.client)) });
  try {
    const found = await client.getAll().prefix('/apisix/routes/').strings();
    return Object.fromEntries(
      Object.entries(found).map(([key, value]) => [key.split('/').at(-1) ?? '', /seq\/\d+/.exec(value)?.[0] ?? '']),
    );
  } finally {
    client.close();
  }
}

/** An update and a delete, acknowledged as to the writer. */
async function change({ world, table }: TrialWorld): Promise<void> {
  const client = new Etcd3({ hosts: hostsOf(world.members.map((member) => member.client)) });
  const spec = { id: 'probe-0', path: table.pathOf('probe-0'), seq: 500, upstream: world.upstream };
  const [{ key, value }] = world.driver.route(world.prefix, spec);
  await client.put(key).value(value);
  table.committed('probe-0', 500, 0);
  await client.delete().key(`${world.prefix}/routes/probe-1`);
  table.committed('probe-1', null, 0);
  client.close();
}

const all = (seqOfProbe0: number): Readonly<Record<string, string>> => ({
  ...Object.fromEntries([1, 2, 3].map((seq) => [`settled-${seq - 1}`, `seq/${seq}`])),
  ...Object.fromEntries([6, 7, 8].map((seq) => [`probe-${seq - 4}`, `seq/${seq}`])),
  'probe-0': `seq/${seqOfProbe0}`,
});

async function startWritten(members: 1 | 3): Promise<TrialWorld> {
  const programs = restores === undefined ? {} : { etcdutl: restores };
  const started = await startTrialWorld({ members, programs });
  await seedTable(started.world, started.table, signal);
  return started;
}

/** Every route was written once more, and is recorded so. */
function expectWrittenAgain({ recorder, table }: TrialWorld): void {
  const again = recorder.history.flatMap((line) =>
    line.kind === 'write' && line.edge === 'ok' && line.again === true ? [line.route] : [],
  );
  expect(new Set(again)).toEqual(new Set(table.acknowledged.map(({ id }) => id)));
}

test.each([1, 3] as const)(
  'etcd.wipe of %d: nothing is there, revisions begin anew, the cluster is the same',
  async (count) => {
    await using started = await startWritten(count);
    const { world } = started;
    await change(started);
    const before = await toldBy(world.etcd);
    const { healed } = await played({ kind: 'etcd.wipe' }, world, async (proof) => {
      expect(proof).toBe('etcd is at revision 1 and lacks 7 routes; it was at 4');
      expect(await stored(world)).toEqual({});
      const now = await toldBy(world.etcd);
      expect([now?.cluster, now?.revision]).toEqual([before?.cluster, 1]);
    });
    expect(healed).toMatch(/; no acknowledged route is missing$/);
    expect(await stored(world)).toEqual(all(500));
    expectWrittenAgain(started);
  },
  300_000,
);

test.each([1, 3] as const)(
  'etcd.wrong-cluster of %d: others answer at the address, with a route of theirs',
  async (count) => {
    await using started = await startWritten(count);
    const { world, runId } = started;
    await change(started);
    const before = await toldBy(world.etcd);
    await played({ kind: 'etcd.wrong-cluster' }, world, async () => {
      const now = await toldBy(world.etcd);
      expect(now?.cluster).not.toBe(before?.cluster);
      expect(now?.revision).toBeGreaterThan(before?.revision ?? 0);
      expect(await stored(world)).toEqual({ foreign: 'seq/0' });
    });
    expect((await toldBy(world.etcd))?.cluster).toBe(before?.cluster);
    expect(await stored(world)).toEqual(all(500));
    expect(labelled(runId).filter(({ command }) => command.includes('etcd-of-others'))).toEqual([]);
  },
  300_000,
);

test.skipIf(restores === undefined).each([1, 3] as const)(
  'etcd.restore of %d, plain: etcd is back where the snapshot was, without what came after',
  async (count) => {
    await using started = await startWritten(count);
    const { world } = started;
    const fault = { kind: 'etcd.restore', revision: 'plain' } as const;
    const { healed } = await played(
      fault,
      world,
      async (proof) => {
        expect(proof).toBe('etcd is at revision 2 and lacks 2 changes; it was at 4');
        expect(await stored(world)).toEqual({ ...all(4), 'probe-1': 'seq/5' });
        expect((await toldBy(world.etcd))?.revision).toBe(2);
      },
      () => change(started),
    );
    expect(healed).toMatch(/no acknowledged route is missing/);
    expect(await stored(world)).toEqual(all(500));
  },
  300_000,
);

test.skipIf(restores === undefined)(
  'etcd.restore, bumped: etcd is far ahead, and says of all that was before that it is compacted',
  async () => {
    await using started = await startWritten(1);
    const { world } = started;
    const before = await toldBy(world.etcd);
    await played({ kind: 'etcd.restore', revision: 'bumped' }, world, async (proof) => {
      expect(proof).toMatch(/^etcd is at revision 10000\d\d; 2, where it was, is compacted$/);
      const client = new Etcd3({ hosts: world.etcd.origin });
      const past = client
        .get('/any')
        .revision(before?.revision ?? 0)
        .exec();
      await expect(past).rejects.toThrow('compacted');
      client.close();
      expect((await toldBy(world.etcd))?.revision).toBeGreaterThan(1_000_000);
      expect(await stored(world)).toEqual({ ...all(4), 'probe-1': 'seq/5' });
    });
    expect(await stored(world)).toEqual({ ...all(4), 'probe-1': 'seq/5' });
  },
  300_000,
);
