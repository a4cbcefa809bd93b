/** The etcd of one trial: one member, or three with their peers on loopback; open to all or not, behind TLS or not. */
import path from 'node:path';
import type { EtcdSettings } from '../../scenarios/scenario.ts';
import type { LinkTls } from '../etcd-link/workload.ts';
import { gatewayUser, requireLogin, root } from '../faults/etcd-login.ts';
import { type EtcdStart, etcdWorkload } from '../model/etcd-workload.ts';
import type { EtcdEntry, EtcdMember, EtcdMembers, EtcdUser } from '../model/etcd.ts';
import type { Runtime, World } from '../model/ports.ts';
import type { StandingNetwork } from '../network/client.ts';
import { makeCertificates } from './certificates.ts';

async function etcdMembers(count: 1 | 3, folder: string, runtime: Runtime): Promise<EtcdMembers> {
  const address = async (): Promise<URL> => new URL(`http://127.0.0.1:${await runtime.freePort()}`);
  const member = async (name: string): Promise<EtcdMember> => {
    const [client, peer] = [await address(), await address()];
    return { name, client, peer, listenPeer: peer, data: path.join(folder, name) };
  };
  if (count === 1) return [await member('etcd')];
  return [await member('etcd-1'), await member('etcd-2'), await member('etcd-3')];
}

/** The members as they reach each other when something stands between them. */
export async function throughNetwork([first, ...others]: EtcdMembers, network: StandingNetwork): Promise<EtcdMembers> {
  const through = async (member: EtcdMember): Promise<EtcdMember> => ({
    ...member,
    peer: await network.through('etcd->etcd', member.listenPeer),
  });
  const all: [EtcdMember, ...EtcdMember[]] = [await through(first)];
  for (const member of others) all.push(await through(member));
  return all;
}

export async function launchMembers(
  members: EtcdMembers,
  start: Omit<EtcdStart, 'cluster'>,
  launch: World['launch'],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(members.map((member) => launch(etcdWorkload(member, { ...start, cluster: members }), signal)));
}

/** Where it will be, and how the harness and the gateway get into it. */
export interface PlannedEtcd {
  readonly entry: EtcdEntry;
  readonly gatewayUser: EtcdUser | undefined;
  readonly etcdCa: string | undefined;
  /** Of the link, to which the gateway comes. */
  readonly tls: LinkTls | undefined;
}

/** `folder`: of all that it leaves on disk. */
export async function planEtcd(
  settings: EtcdSettings | undefined,
  folder: string,
  runtime: Runtime,
): Promise<PlannedEtcd> {
  const { members: count = 1, auth = false, tls = false } = settings ?? {};
  const members = await etcdMembers(count, folder, runtime);
  const [{ client: etcd }] = members;
  const login = auth ? { root, gatewayUser } : { root: undefined, gatewayUser: undefined };
  const certificates = tls ? await makeCertificates(path.join(folder, 'certificates')) : undefined;
  return {
    entry: { etcd, members, root: login.root },
    gatewayUser: login.gatewayUser,
    etcdCa: certificates?.ca,
    tls: certificates && { ...certificates.own, expired: certificates.expired },
  };
}

/** From now on it lets in nobody but its users. */
export function askForLogin(entry: EtcdEntry, prefix: string): Promise<void> {
  return requireLogin({ ...entry, root: undefined }, prefix);
}
