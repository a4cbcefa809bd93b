/** An etcd that asks who one is: a user for everything, and one for the gateway. */
import { Etcd3 } from 'etcd3';
import { etcdAccess } from '../model/etcd-access.ts';
import type { EtcdEntry, EtcdUser } from '../model/etcd.ts';

/** On loopback, for as long as a trial lasts. */
export const root: EtcdUser = { name: 'root', password: 'root-of-the-trial' };
export const gatewayUser: EtcdUser = { name: 'gateway', password: 'gateway-of-the-trial' };
/** May read and write all that begins with the prefix. */
export const gatewayRole = 'gateway';

/** Makes the users where there are none, and lets nobody else in from now on. `untilMs`: as of `Date.now()`. */
export async function requireLogin(open: EtcdEntry, prefix: string, untilMs?: number): Promise<void> {
  const limit = untilMs === undefined ? {} : { defaultCallOptions: { deadline: untilMs } };
  const client = new Etcd3({ ...etcdAccess(open), ...limit });
  try {
    const { auth } = client;
    await auth.roleAdd({ name: root.name });
    await auth.userAdd(root);
    await auth.userGrantRole({ user: root.name, role: root.name });
    await auth.roleAdd({ name: gatewayRole });
    const perm = { permType: 'Readwrite' as const, key: Buffer.from(prefix), range_end: Buffer.from(after(prefix)) };
    await auth.roleGrantPermission({ name: gatewayRole, perm });
    await auth.userAdd(gatewayUser);
    await auth.userGrantRole({ user: gatewayUser.name, role: gatewayRole });
    await auth.authEnable();
  } finally {
    client.close();
  }
}

/** Lets everybody in again, and leaves no user. Also what was done by halves is undone. */
export async function forgetLogin(etcd: EtcdEntry): Promise<void> {
  const known = new Etcd3(etcdAccess({ ...etcd, root }));
  try {
    // Refused where nobody is asked who he is.
    await known.auth.authDisable().catch(() => undefined);
  } finally {
    known.close();
  }
  const open = new Etcd3(etcdAccess({ ...etcd, root: undefined }));
  try {
    const { users } = await open.auth.userList();
    for (const name of users) await open.auth.userDelete({ name });
    const { roles } = await open.auth.roleList();
    for (const role of roles) await open.auth.roleDelete({ role });
  } finally {
    open.close();
  }
}

/** The first text after all that begin with the prefix. */
function after(prefix: string): string {
  const last = prefix.length - 1;
  return `${prefix.slice(0, last)}${String.fromCharCode(prefix.charCodeAt(last) + 1)}`;
}
