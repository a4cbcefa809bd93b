/** Faults among the members of etcd, each seen to hold and to be gone by plain HTTP to every member. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EtcdMember } from '../../../harness/model/etcd.ts';
import { labelled } from '../../../harness/runtimes/residue.ts';
import { type Told, askEtcd, putBy, readBy, toldBy } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { played } from '../../support/played-fault.ts';
import { type TrialWorld, startTrialWorld } from '../../support/trial-world.ts';

let started: TrialWorld;
let members: readonly EtcdMember[];
beforeAll(async () => {
  started = await startTrialWorld({ members: 3 });
  ({ members } = started.world);
});
afterAll(() => started[Symbol.asyncDispose]());

const told = (): Promise<readonly (Told | undefined)[]> => Promise.all(members.map(({ client }) => toldBy(client)));

/** Whom all three say that they follow, in which term. */
async function leader(): Promise<Told> {
  const said = await told();
  const [first] = said;
  expect(said.map((one) => one?.leader)).toEqual(Array(3).fill(first?.leader));
  const leading = said.find((one) => one?.id === first?.leader);
  if (leading === undefined) throw new Error('nobody leads');
  return leading;
}

function named(name: string | undefined): EtcdMember {
  const member = members.find((each) => each.name === name);
  if (member === undefined) throw new Error(`no member is called ${name}`);
  return member;
}

test('etcd.kill-leader: the leader is gone, the others take writes under another one, and it catches up after', async () => {
  const before = await leader();
  let killed: EtcdMember | undefined;
  const { healed } = await played({ kind: 'etcd.kill-leader' }, started.world, async (proof) => {
    const [, name, term] = /^(etcd-\d), which led in term (\d+), is killed; etcd-\d leads in term/.exec(proof) ?? [];
    killed = named(name);
    expect(Number(term)).toBe(before.term);
    const others = members.filter((member) => member !== killed);
    expect(await toldBy(killed.client)).toBeUndefined();
    for (const { client } of others) {
      expect((await toldBy(client))?.leader).not.toBe(before.id);
      expect(await putBy(client, '/away', 'written')).toBe(200);
    }
  });
  expect(healed).toMatch(/^3 members follow etcd-\d in term \d+/);
  expect((await leader()).term).toBeGreaterThan(before.term);
  const { client } = named(killed?.name);
  await until(async () => (await readBy(client, '/away', { serializable: true }))[1] === 'written', 'it has caught up');
});

test('etcd.move-leader: another one leads and nobody was away; again and again until the heal, and no more after', async () => {
  const before = await leader();
  const pids = (): readonly number[] => labelled(started.runId).map(({ pid }) => pid);
  const running = pids();
  await played({ kind: 'etcd.move-leader' }, started.world, async (proof) => {
    expect(proof).toMatch(/^etcd-\d led in term \d+, etcd-\d leads in term \d+$/);
    await until(async () => (await told()).every((one) => one?.leader !== before.id), 'all follow another one');
    expect(pids()).toEqual(running);
  });
  const { term } = await leader();
  await played({ kind: 'etcd.move-leader', every: '300ms' }, started.world, async () => {
    await until(async () => (await newest()) >= term + 3, 'it moves on');
  });
  expect(pids()).toEqual(running);
  const after = await leader();
  for (let times = 0; times < 5; times++) expect((await leader()).term).toBe(after.term);
});

async function newest(): Promise<number> {
  return Math.max(...(await told()).map((one) => one?.term ?? 0));
}

test('etcd.lose-quorum: nothing is written, a watch at the last member is open and silent, and goes on after the heal', async () => {
  const { id } = await leader();
  await putBy(started.world.etcd, '/quorum/a', '1');
  const watches = members.map(({ client }) => openJsonWatch(client, [{ create_request: prefixRange('/quorum/') }]));
  await until(() => watches.every(({ lines }) => lines.length === 1), 'the watches are there');
  let place = -1;
  const { healed } = await played({ kind: 'etcd.lose-quorum' }, started.world, async (proof) => {
    const last = named(/^(etcd-\d) alone is left at revision \d+/.exec(proof)?.[1]);
    place = members.indexOf(last);
    expect((await told()).map((one) => one !== undefined)).toEqual(members.map((member) => member === last));
    expect((await toldBy(last.client))?.id).not.toBe(id);
    expect(await putBy(last.client, '/quorum/b', '2')).not.toBe(200);
    expect(await readBy(last.client, '/quorum/a', { serializable: true })).toEqual([200, '1']);
    expect((await readBy(last.client, '/quorum/a'))[0]).not.toBe(200);
    await Promise.all(watches.flatMap(({ ended }, index) => (index === place ? [] : [ended])));
    expect(watches[place]?.events()).toEqual([]);
  });
  expect(healed).toMatch(/^3 members follow/);
  expect(await putBy(started.world.etcd, '/quorum/c', '3')).toBe(200);
  await until(
    () => watches[place]?.events().some((event) => event.includes('/quorum/c')) === true,
    'the watch goes on',
  );
  for (const watch of watches) watch[Symbol.dispose]();
});

test('etcd.replace-member: two are left, and then one of another id and the same data is in its place', async () => {
  await putBy(started.world.etcd, '/replaced', 'kept');
  const ids = (await told()).map((one) => one?.id);
  const listed = async (by: EtcdMember): Promise<readonly string[]> => {
    const { body } = await askEtcd(by.client, '/v3/cluster/member/list', {});
    return (body['members'] as readonly { readonly ID: string }[]).map(({ ID }) => ID);
  };
  let place = -1;
  await played({ kind: 'etcd.replace-member' }, started.world, async (proof) => {
    const lost = named(/^etcd lists 2 members, (etcd-\d) is not among them and does not answer$/.exec(proof)?.[1]);
    place = members.indexOf(lost);
    const other = members.find((member) => member !== lost);
    if (other === undefined) throw new Error('there are others');
    expect(await listed(other)).toHaveLength(2);
    expect(await listed(other)).not.toContain(ids[place]);
    expect(await putBy(other.client, '/replaced/meanwhile', 'too')).toBe(200);
  });
  const replaced = named(members[place]?.name);
  const after = await told();
  expect(await listed(replaced)).toHaveLength(3);
  expect(after[place]?.id).not.toBe(ids[place]);
  for (const [key, value] of [
    ['/replaced', 'kept'],
    ['/replaced/meanwhile', 'too'],
  ] as const)
    await until(async () => (await readBy(replaced.client, key, { serializable: true }))[1] === value, `it has ${key}`);
});

test('a single etcd has no others to play them with', async () => {
  await using alone = await startTrialWorld();
  await expect(played({ kind: 'etcd.kill-leader' }, alone.world, async () => undefined)).rejects.toThrow('members: 3');
});
