/**
 * `etcd.auth`: a bad day with etcd's users. `enabled`: etcd asks who one is, and nobody has told the gateway.
 * `tokens-expired`: every token of the gateway's user is worth nothing from now on, as after its time; it has to log in
 * again. `role-revoked`: its user may read nothing any more, until heal.
 */
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { EtcdUser } from '../model/etcd.ts';
import type { Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { untilServing, withEtcd } from './etcd-client.ts';
import { forgetLogin, gatewayRole, gatewayUser, requireLogin } from './etcd-login.ts';
import { untilProven } from './until.ts';

type Auth = Extract<Fault, { kind: 'etcd.auth' }>;

export const etcdAuth: Injector<Auth> = {
  about: {
    hop: 'etcd',
    does: 'etcd begins to ask for a login, or forgets all tokens of the gateway, or takes its role away',
    proof: 'a read of our own without a login, with a token of before, or as the user of the gateway is refused',
  },

  unsupported({ change }, { gatewayUser }) {
    if (change === 'enabled') return gatewayUser === undefined ? undefined : 'etcd asks for a login from the start';
    return gatewayUser === undefined
      ? 'etcd lets everybody in: etcd: { auth: true } gives the gateway a user'
      : undefined;
  },

  prepare: async () => undefined,

  async inject({ change }, world, { holdMs, signal }) {
    const { prefix } = world;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(holdMs)]);
    switch (change) {
      case 'enabled':
        await requireLogin(world, prefix, Date.now() + holdMs);
        return {};
      case 'tokens-expired': {
        const token = await logIn(world, gatewayUser, limit);
        // The same password once more: etcd forgets the tokens of a user whose password is set.
        await withEtcd(world, async (client) => client.auth.userChangePassword(gatewayUser));
        return { status: await read(world, token, limit) };
      }
      case 'role-revoked':
        await withEtcd(world, async (client) =>
          client.auth.userRevokeRole({ name: gatewayUser.name, role: gatewayRole }),
        );
        return {};
    }
  },

  verify({ change }, world, before, { signal }) {
    let shown = 'nothing was asked';
    const look = async (): Promise<string | undefined> => {
      const status = change === 'tokens-expired' ? (before['status'] ?? 200) : await statusNow(change, world, signal);
      shown = `${asking[change]} is answered with HTTP ${status}`;
      return status >= 400 && status < 500 ? shown : undefined;
    };
    return untilProven(look, () => shown, signal);
  },

  async heal({ change }, world) {
    if (change === 'enabled') await forgetLogin(world);
    if (change !== 'role-revoked') return;
    await withEtcd(world, async (client) => client.auth.userGrantRole({ user: gatewayUser.name, role: gatewayRole }));
  },

  async verifyHealed({ change }, world, { signal }) {
    await untilServing(world, signal);
    const status = await statusNow(change, world, signal);
    const asked = `a read ${change === 'enabled' ? 'without a login' : 'as the user of the gateway'}`;
    if (status !== 200) throw new HarnessError('HEAL_FAILED', `${asked} is answered with HTTP ${status}`);
    return `${asked} is served`;
  },
};

const asking: { readonly [C in Auth['change']]: string } = {
  enabled: 'a read without a login',
  'tokens-expired': 'a read with a token of before',
  'role-revoked': 'a read as the user of the gateway',
};

/** HTTP status of a read as the gateway would do it. */
async function statusNow(change: Auth['change'], world: World, signal: AbortSignal): Promise<number> {
  return read(world, change === 'enabled' ? undefined : await logIn(world, gatewayUser, signal), signal);
}

async function read({ etcd, prefix }: World, token: string | undefined, signal: AbortSignal): Promise<number> {
  const question = { key: Buffer.from(`${prefix}/`).toString('base64') };
  return (await ask(etcd, '/v3/kv/range', { question, token, signal })).status;
}

async function logIn({ etcd }: World, { name, password }: EtcdUser, signal: AbortSignal): Promise<string> {
  const { status, text } = await ask(etcd, '/v3/auth/authenticate', { question: { name, password }, signal });
  const { token } = JSON.parse(text) as { readonly token?: string };
  if (token === undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', `${name} cannot log in: ${status} ${text}`);
  return token;
}

interface Said {
  readonly status: number;
  readonly text: string;
}

interface Asked {
  readonly question: object;
  readonly token?: string | undefined;
  /** The only limit: to compare a password takes etcd a tenth of a second of a core, and on a busy host far more. */
  readonly signal: AbortSignal;
}

/** By etcd's JSON, where a token can be shown: etcd3 keeps those it has to itself. */
async function ask(etcd: URL, path: string, { question, token, signal }: Asked): Promise<Said> {
  const headers = token === undefined ? {} : { authorization: token };
  const answer = await fetch(new URL(path, etcd), { method: 'POST', headers, body: JSON.stringify(question), signal });
  return { status: answer.status, text: await answer.text() };
}
