/** A member of etcd as a program to be run. */
import path from 'node:path';
import type { Duration } from '../../scenarios/scenario.ts';
import type { EtcdMember } from './etcd.ts';
import { ownImages } from './images.ts';
import type { Workload } from './ports.ts';

export interface EtcdStart {
  /** Path of the etcd binary. */
  readonly command: string;
  /** The image with that binary; of the etcd in use when undefined. */
  readonly image?: string;
  /** All members that the cluster has, itself too; with more than one, elections take as long as etcd has them by default. */
  readonly cluster: readonly EtcdMember[];
  /** It begins with the others, or it joins them with an empty folder. A folder with data goes on from them either way. */
  readonly state?: 'new' | 'existing';
  /** Clusters of other tokens have other ids. */
  readonly token?: string;
  readonly args?: readonly string[];
  /** How often watches without events are told how far etcd is; etcd's own default when it is not said. */
  readonly progressNotifyInterval?: Duration | undefined;
}

/** A single member has nobody to wait for: shorter elections only make it start sooner. */
const alone = ['--heartbeat-interval=50', '--election-timeout=300'];
/** Otherwise etcd replaces a member only when all have been connected for five seconds. */
const together = ['--strict-reconfig-check=false'];

export function etcdWorkload({ name, client, peer, listenPeer, data }: EtcdMember, start: EtcdStart): Workload {
  const { command, image = ownImages.etcd, cluster, state = 'new', token = 'gatecrash', args: more = [] } = start;
  const args = [
    `--name=${name}`,
    `--data-dir=${data}`,
    `--listen-client-urls=${client.origin}`,
    `--advertise-client-urls=${client.origin}`,
    `--listen-peer-urls=${listenPeer.origin}`,
    `--initial-advertise-peer-urls=${peer.origin}`,
    `--initial-cluster=${initialCluster(cluster)}`,
    `--initial-cluster-state=${state}`,
    `--initial-cluster-token=${token}`,
    ...(cluster.length === 1 ? alone : together),
    '--log-level=warn',
    ...more,
  ];
  // Not the folder itself: a member that is replaced begins without one.
  const mounts = [path.dirname(data)];
  return {
    name,
    command,
    args,
    env: progressNotify(start.progressNotifyInterval),
    image: { name: image, args, mounts },
  };
}

/** By the environment, where etcd only warns of what it does not know: the name of the flag changed in 3.6. */
function progressNotify(interval: Duration | undefined): Readonly<Record<string, string>> {
  if (interval === undefined) return {};
  const name = 'WATCH_PROGRESS_NOTIFY_INTERVAL';
  return { [`ETCD_${name}`]: interval, [`ETCD_EXPERIMENTAL_${name}`]: interval };
}

/** As etcd and etcdutl want the members named. */
export function initialCluster(members: readonly EtcdMember[]): string {
  return members.map(({ name, peer }) => `${name}=${peer.origin}`).join();
}
