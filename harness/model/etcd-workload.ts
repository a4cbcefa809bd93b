/** A member of etcd as a program to be run. */
import type { EtcdMember } from './etcd.ts';
import type { Workload } from './ports.ts';

export interface EtcdStart {
  /** Path of the etcd binary. */
  readonly command: string;
  /** All members that the cluster has, itself too; with more than one, elections take as long as etcd has them by default. */
  readonly cluster: readonly EtcdMember[];
  /** It begins with the others, or it joins them with an empty folder. A folder with data goes on from them either way. */
  readonly state?: 'new' | 'existing';
  /** Clusters of other tokens have other ids. */
  readonly token?: string;
  readonly args?: readonly string[];
}

/** A single member has nobody to wait for: shorter elections only make it start sooner. */
const alone = ['--heartbeat-interval=50', '--election-timeout=300'];
/** Otherwise etcd replaces a member only when all have been connected for five seconds. */
const together = ['--strict-reconfig-check=false'];

export function etcdWorkload(
  { name, client, peer, data }: EtcdMember,
  { command, cluster, state = 'new', token = 'gatecrash', args: more = [] }: EtcdStart,
): Workload {
  const args = [
    `--name=${name}`,
    `--data-dir=${data}`,
    `--listen-client-urls=${client.origin}`,
    `--advertise-client-urls=${client.origin}`,
    `--listen-peer-urls=${peer.origin}`,
    `--initial-advertise-peer-urls=${peer.origin}`,
    `--initial-cluster=${initialCluster(cluster)}`,
    `--initial-cluster-state=${state}`,
    `--initial-cluster-token=${token}`,
    ...(cluster.length === 1 ? alone : together),
    '--log-level=warn',
    ...more,
  ];
  return { name, command, args, env: {} };
}

/** As etcd and etcdutl want the members named. */
export function initialCluster(members: readonly EtcdMember[]): string {
  return members.map(({ name, peer }) => `${name}=${peer.origin}`).join();
}
