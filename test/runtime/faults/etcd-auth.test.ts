/** Bad days with etcd's users, seen by plain HTTP with and without a token. */
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { injectorOf } from '../../../harness/faults/index.ts';
import { gatewayUser } from '../../../harness/faults/etcd-login.ts';
import { askEtcd, putBy, readBy } from '../../support/etcd-json.ts';
import { played } from '../../support/played-fault.ts';
import { startTrialWorld } from '../../support/trial-world.ts';

const key = '/apisix/routes/a';

async function logIn(etcd: URL): Promise<string> {
  const { body } = await askEtcd(etcd, '/v3/auth/authenticate', gatewayUser);
  return String(body['token']);
}

test('etcd.auth enabled: who does not say who he is gets in no more, and again after; no user is left', async () => {
  await using started = await startTrialWorld();
  const { etcd } = started.world;
  expect(await putBy(etcd, key, 'before')).toBe(200);
  const fault = { kind: 'etcd.auth', change: 'enabled' } as const;
  for (const times of [1, 2]) {
    const { proof, healed } = await played(fault, started.world, async () => {
      expect((await readBy(etcd, key))[0]).toBe(400);
      expect(await putBy(etcd, key, 'during')).toBe(400);
      expect(await readBy(etcd, key, { token: await logIn(etcd) })).toEqual([200, 'before']);
    });
    expect([times, proof, healed]).toEqual([
      times,
      'a read without a login is answered with HTTP 400',
      'a read without a login is served',
    ]);
  }
  expect(await readBy(etcd, key)).toEqual([200, 'before']);
  const client = new Etcd3({ hosts: etcd.origin });
  expect([(await client.auth.userList()).users, (await client.auth.roleList()).roles]).toEqual([[], []]);
  client.close();
  await expect(
    played({ kind: 'etcd.auth', change: 'role-revoked' }, started.world, async () => undefined),
  ).rejects.toThrow('auth: true');
});

test('where etcd asks for a login from the start, tokens and the role of the gateway can be lost', async () => {
  await using started = await startTrialWorld({ auth: true });
  const { etcd } = started.world;
  expect((await readBy(etcd, key))[0]).toBe(400);
  const token = await logIn(etcd);
  expect(await putBy(etcd, key, 'mine', token)).toBe(200);
  // Its role ends where the prefix does.
  expect((await readBy(etcd, '/other', { token }))[0]).toBe(403);

  await played({ kind: 'etcd.auth', change: 'tokens-expired' }, started.world, async (proof) => {
    expect(proof).toBe('a read with a token of before is answered with HTTP 401');
    expect((await readBy(etcd, key, { token }))[0]).toBe(401);
    expect(await readBy(etcd, key, { token: await logIn(etcd) })).toEqual([200, 'mine']);
  });

  await played({ kind: 'etcd.auth', change: 'role-revoked' }, started.world, async (proof) => {
    expect(proof).toBe('a read as the user of the gateway is answered with HTTP 403');
    expect((await readBy(etcd, key, { token: await logIn(etcd) }))[0]).toBe(403);
  });
  expect(await readBy(etcd, key, { token: await logIn(etcd) })).toEqual([200, 'mine']);
  await expect(played({ kind: 'etcd.auth', change: 'enabled' }, started.world, async () => undefined)).rejects.toThrow(
    'from the start',
  );
  const crowd = { kind: 'watch.crowd', watchers: 1 } as const;
  await expect(played(crowd, started.world, async () => undefined)).rejects.toThrow('no password');
});

test.each([
  ['enabled', false],
  ['tokens-expired', true],
] as const)(
  'an etcd that hangs when %s is to come about is waited for no longer than it is to hold',
  async (change, auth) => {
    await using started = await startTrialWorld({ auth });
    const { world } = started;
    for (const { name } of world.members) world.signal(name, 'SIGSTOP');
    const fault = { kind: 'etcd.auth', change } as const;
    const context = { seed: 1, step: 0, holdMs: 500, signal: new AbortController().signal };
    await expect(injectorOf(fault).inject(fault, world, context)).rejects.toThrow(/DEADLINE_EXCEEDED|timeout/);
  },
);
