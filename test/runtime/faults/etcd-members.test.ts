/** Faults among the members of etcd, each seen to hold and to be gone by plain HTTP to every member. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isListed, joinEmpty, leave } from '../../../harness/faults/etcd-membership.ts';
import type { EtcdMember } from '../../../harness/model/etcd.ts';
import { labelled } from '../../../harness/runtimes/residue.ts';
import { type Told, askEtcd, putBy, readBy, toldBy } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { played } from '../../support/played-fault.ts';
import { type TrialWorld, startTrialWorld } from '../../support/trial-world.ts';

const within = { timeout: 30_000, interval: 50 };

let started: TrialWorld;
let members: readonly EtcdMember[];
beforeAll(async () => {
  started = await startTrialWorld({ members: 3 });
  ({ members } = started.world);
});
afterAll(() => started[Symbol.asyncDispose]());

const told = (): Promise<readonly (Told | undefined)[]> => Promise.all(members.map(({ client }) => toldBy(client)));

/** Whom all three say that they follow, in which term; who has lost one hears of the next a moment later than others. */
async function leader(): Promise<Told> {
  let said = await told();
  const agreed = async (): Promise<string> => {
    said = await told();
    const [first] = said;
    const agree = first !== undefined && first.leader !== '0' && said.every((one) => one?.leader === first.leader);
    return agree ? 'one leads' : JSON.stringify(said);
  };
  await expect.poll(agreed, within).toBe('one leads');
  const [first] = said;
  const leading = said.find((one) => one?.id === first?.leader);
  if (leading === undefined) throw new Error('nobody leads');
  return leading;
}

/** Each of them takes the write: right after a leader was lost it may have to be asked again. */
async function put(by: readonly EtcdMember[], key: string, value: string): Promise<void> {
  for (const { client } of by)
    await until(async () => (await putBy(client, key, value)) === 200, `${client.host} takes a write`);
}

/** All of them have it, whoever is left alone then. */
async function everywhere(key: string, value: string): Promise<void> {
  const has = async ({ client }: EtcdMember): Promise<boolean> =>
    (await readBy(client, key, { serializable: true }))[1] === value;
  await until(async () => (await Promise.all(members.map(has))).every(Boolean), `all have ${key}`);
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
    for (const { client } of others)
      await expect.poll(async () => (await toldBy(client))?.leader ?? before.id, within).not.toBe(before.id);
    await put(others, '/away', 'written');
  });
  expect(healed).toMatch(/^3 members follow etcd-\d in term \d+/);
  expect((await leader()).term).toBeGreaterThan(before.term);
  const { client } = named(killed?.name);
  await until(async () => (await readBy(client, '/away', { serializable: true }))[1] === 'written', 'it has caught up');
});

test.each(['leader', 'follower'] as const)(
  'etcd.pause of the %s: it takes connections and says nothing, the others take writes, and it catches up after',
  async (member) => {
    const { id } = await leader();
    const leading = members[(await told()).findIndex((one) => one?.id === id)];
    let paused: EtcdMember | undefined;
    const { healed } = await played({ kind: 'etcd.pause', member }, started.world, async (proof) => {
      const said = /^(etcd-\d) takes a connection and does not answer in 300 ms; the others follow etcd-\d in term /;
      const [, name] = said.exec(proof) ?? [];
      paused = named(name);
      expect(paused === leading).toBe(member === 'leader');
      expect(await toldBy(paused.client)).toBeUndefined();
      await put(
        members.filter((each) => each !== paused),
        '/paused',
        member,
      );
    });
    expect(healed).toMatch(/^3 members follow etcd-\d in term \d+/);
    const { client } = named(paused?.name);
    await until(async () => (await readBy(client, '/paused', { serializable: true }))[1] === member, 'it catches up');
  },
);

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
  await put(members.slice(0, 1), '/quorum/a', '1');
  await everywhere('/quorum/a', '1');
  const watches = members.map(({ client }) => openJsonWatch(client, [{ create_request: prefixRange('/quorum/') }]));
  const wantsLeader = { 'grpc-metadata-hasleader': 'true' };
  const led = members.map(({ client }) =>
    openJsonWatch(client, [{ create_request: prefixRange('/quorum/') }], wantsLeader),
  );
  await until(() => [...watches, ...led].every(({ lines }) => lines.length === 1), 'the watches are there');
  let place = -1;
  const { healed } = await played({ kind: 'etcd.lose-quorum' }, started.world, async (proof) => {
    const last = named(/^(etcd-\d) alone is left at revision \d+/.exec(proof)?.[1]);
    place = members.indexOf(last);
    const present = async (): Promise<readonly boolean[]> => (await told()).map((one) => one !== undefined);
    await expect.poll(present, within).toEqual(members.map((member) => member === last));
    await expect.poll(async () => (await toldBy(last.client))?.id ?? id, within).not.toBe(id);
    expect(await putBy(last.client, '/quorum/b', '2')).not.toBe(200);
    await expect.poll(() => readBy(last.client, '/quorum/a', { serializable: true }), within).toEqual([200, '1']);
    expect((await readBy(last.client, '/quorum/a'))[0]).not.toBe(200);
    await Promise.all(watches.flatMap(({ ended }, index) => (index === place ? [] : [ended])));
    await Promise.all(led.map(({ ended }) => ended));
    expect(led[place]?.lines.at(-1)?.error).toMatchObject({ message: 'etcdserver: no leader' });
    expect([watches[place]?.lines.length, watches[place]?.events()]).toEqual([1, []]);
  });
  expect(healed).toMatch(/^3 members follow/);
  await put(members.slice(0, 1), '/quorum/c', '3');
  await until(
    () => watches[place]?.events().some((event) => event.includes('/quorum/c')) === true,
    'the watch goes on',
  );
  for (const watch of [...watches, ...led]) watch[Symbol.dispose]();
});

test('etcd.damage-member: it does not start again, the others take writes, and one of another id is there after', async () => {
  await leader();
  const ids = (await told()).map((one) => one?.id ?? '');
  let lost: EtcdMember | undefined;
  const { healed } = await played({ kind: 'etcd.damage-member' }, started.world, async (proof) => {
    const said = /^(etcd-\d) does not start on its damaged log; the others follow etcd-\d in term \d+$/;
    lost = named(said.exec(proof)?.[1]);
    expect(await toldBy(lost.client)).toBeUndefined();
    expect(labelled(started.runId)).toHaveLength(2);
    await put(
      members.filter((each) => each !== lost),
      '/damaged',
      'written',
    );
  });
  expect(healed).toMatch(/^3 members follow etcd-\d in term \d+/);
  const { client } = named(lost?.name);
  const isAnother = async (): Promise<boolean> => !ids.includes((await toldBy(client))?.id ?? ids[0] ?? '');
  await until(isAnother, 'one of another id is in its place');
  await until(async () => (await readBy(client, '/damaged', { serializable: true }))[1] === 'written', 'it catches up');
  expect(await Promise.race([started.world.died, Promise.resolve('lives')])).toBe('lives');
});

test('etcd.replace-member: two are left, and then one of another id and the same data is in its place', async () => {
  await put(members.slice(0, 1), '/replaced', 'kept');
  await leader();
  const ids = (await told()).map((one) => one?.id);
  expect(ids).not.toContain(undefined);
  const listed = async (by: EtcdMember): Promise<readonly string[]> => {
    const { body } = await askEtcd(by.client, '/v3/cluster/member/list', {});
    return ((body['members'] ?? []) as readonly { readonly ID: string }[]).map(({ ID }) => ID);
  };
  let place = -1;
  await played({ kind: 'etcd.replace-member' }, started.world, async (proof) => {
    const lost = named(/^etcd lists 2 members, (etcd-\d) is not among them and does not answer$/.exec(proof)?.[1]);
    place = members.indexOf(lost);
    const other = members.find((member) => member !== lost);
    if (other === undefined) throw new Error('there are others');
    await expect.poll(() => listed(other), within).toHaveLength(2);
    expect(await listed(other)).not.toContain(ids[place]);
    await put([other], '/replaced/meanwhile', 'too');
  });
  const replaced = named(members[place]?.name);
  await expect.poll(() => listed(replaced), within).toHaveLength(3);
  await expect.poll(async () => (await toldBy(replaced.client))?.id ?? ids[place], within).not.toBe(ids[place]);
  for (const [key, value] of [
    ['/replaced', 'kept'],
    ['/replaced/meanwhile', 'too'],
  ] as const)
    await until(async () => (await readBy(replaced.client, key, { serializable: true }))[1] === value, `it has ${key}`);
});

test('a member that somebody else takes off the list at the same time has left all the same, and another one joins', async () => {
  const { world } = started;
  const { id } = await leader();
  const place = (await told()).findIndex((one) => one !== undefined && one.id !== id);
  const lost = members[place];
  if (lost === undefined) throw new Error('there are followers');
  const signal = AbortSignal.timeout(60_000);
  await world.stop(lost.name);
  await Promise.all([leave(world, lost, signal), leave(world, lost, signal)]);
  expect(await isListed(world, lost)).toBe(false);
  await joinEmpty(world, lost, signal);
  expect(new Set((await told()).map((one) => one?.id)).size).toBe(3);
  await leader();
});

test('a member that nobody can take off the list in time has not left', async () => {
  const { world } = started;
  await leader();
  const [lost, ...others] = members;
  if (lost === undefined) throw new Error('there are members');
  for (const { name } of others) await world.stop(name);
  const never = new AbortController().signal;
  await expect(leave(world, lost, never, 100)).rejects.toThrow(`${lost.name} is still listed`);
  for (const { name } of others) await world.restart(name, never);
  await leader();
});

test('a single etcd has no others to play them with', async () => {
  await using alone = await startTrialWorld();
  await expect(played({ kind: 'etcd.kill-leader' }, alone.world, async () => undefined)).rejects.toThrow('members: 3');
});
