/** How clients of the harness's own get into the etcd of a trial: options of npm `etcd3`. */
import type { IOptions } from 'etcd3';
import type { EtcdEntry } from './etcd.ts';
import { sendOnce } from './send-once.ts';

export function etcdAccess({ members, root }: EtcdEntry): Pick<IOptions, 'hosts' | 'auth' | 'faultHandling'> {
  return {
    hosts: hostsOf(members.map(({ client }) => client)),
    faultHandling: sendOnce,
    ...(root === undefined ? {} : { auth: { username: root.name, password: root.password } }),
  };
}

/**
 * One channel for all members, which goes on to the next one when a connection is lost. A list of hosts would not do: of
 * those etcd3 takes one at random for each request, whether it is there or not.
 */
export function hostsOf(clients: readonly URL[]): string {
  return `ipv4:${clients.map(({ host }) => host).join()}`;
}
