/** Faults on etcd: each seen to hold and to be gone by a client of the test's own, beside what the injector says. */
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { injectorOf } from '../../../harness/faults/index.ts';
import { sendOnce } from '../../../harness/model/send-once.ts';
import type { FaultContext } from '../../../harness/model/injector.ts';
import type { World } from '../../../harness/model/ports.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import { startTrialWorld } from '../../support/trial-world.ts';

const context = (): FaultContext => ({ seed: 1, step: 0, holdMs: 10_000, signal: AbortSignal.timeout(60_000) });

/** What each member answers to that. */
async function witnesses({ members }: World, withinMs?: number): Promise<readonly (readonly string[])[]> {
  return Promise.all(members.map(({ client }) => witness(client, withinMs)));
}

/** What a put, a read and a read of the past come to. An answer that is awaited comes, however busy the host. */
async function witness(etcd: URL, withinMs = 20_000): Promise<readonly string[]> {
  const client = new Etcd3({
    hosts: etcd.origin,
    faultHandling: sendOnce,
    defaultCallOptions: () => ({ deadline: Date.now() + withinMs }),
  });
  const said = (asked: Promise<unknown>): Promise<string> =>
    asked.then(
      () => 'done',
      (error: unknown) => (error as Error).message.replace(/:.*?: /, ' '),
    );
  try {
    // In this order: the past is the time before the first put.
    return [
      await said(client.put('/witness').value('x').exec()),
      await said(client.get('/witness').exec()),
      await said(client.get('/witness').revision(1).exec()),
    ];
  } finally {
    client.close();
  }
}

const well = ['done', 'done', 'done'];

const faults: readonly [Fault, RegExp, readonly unknown[], RegExp][] = [
  [
    { kind: 'etcd.pause' },
    /does not answer in 300 ms/,
    Array(3).fill(expect.stringMatching(/^4 |14 /)),
    /serves at revision/,
  ],
  [
    { kind: 'etcd.down' },
    /refuses connections/,
    Array(3).fill(expect.stringContaining('14 ')),
    /serves again, at revision/,
  ],
  [
    { kind: 'etcd.nospace' },
    /put is refused/,
    [expect.stringContaining('space exceeded'), 'done', 'done'],
    /takes puts/,
  ],
  [
    { kind: 'etcd.corrupt' },
    /put is refused: corrupt cluster/,
    [expect.stringContaining('corrupt cluster'), 'done', 'done'],
    /takes puts/,
  ],
  [
    { kind: 'etcd.compact', every: '200ms' },
    /counts \d+ compactions/,
    ['done', 'done', expect.stringContaining('compacted')],
    /etcd-compact-1 is gone/,
  ],
  [{ kind: 'etcd.defrag' }, /counts 1 defragmentation/, well, /serves at revision/],
];
const cases = ([1, 3] as const).flatMap((members) => faults.map((each) => [members, ...each] as const));

test.each(cases)('of %d, %j holds for clients of each, and is gone after the heal', async (members, ...row) => {
  const [fault, proof, during, gone] = row;
  await using started = await startTrialWorld({ members });
  const { world } = started;
  expect(await witnesses(world)).toEqual(Array.from({ length: members }, () => well));
  const injector = injectorOf(fault);
  await injector.prepare(fault, world, context());
  const before = await injector.inject(fault, world, context());
  expect(await injector.verify(fault, world, before, context())).toMatch(proof);
  const seen = await witnesses(world, fault.kind === 'etcd.pause' ? 700 : undefined);
  expect(seen).toEqual(Array.from({ length: members }, () => during));
  await injector.heal(fault, world, context());
  expect(await injector.verifyHealed(fault, world, context())).toMatch(gone);
  for (const after of await witnesses(world)) expect(after.slice(0, 2)).toEqual(well.slice(0, 2));
  // Healing what is healed changes nothing.
  await injector.heal(fault, world, context());
  expect(await injector.verifyHealed(fault, world, context())).toMatch(gone);
});

test('an etcd that was down comes back with its data; a death that nobody ordered is told', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  const client = new Etcd3({ hosts: world.etcd.origin });
  await client.put('/kept').value('yes');
  const fault: Fault = { kind: 'etcd.down' };
  await injectorOf(fault).inject(fault, world, context());
  await injectorOf(fault).heal(fault, world, context());
  await injectorOf(fault).verifyHealed(fault, world, context());
  expect(await client.get('/kept').string()).toBe('yes');
  client.close();
  world.signal('etcd', 'SIGKILL');
  await expect(world.died).rejects.toThrow('etcd ended by itself with signal SIGKILL');
});
