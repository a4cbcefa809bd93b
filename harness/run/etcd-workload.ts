/** A single etcd for one trial. */
import type { Workload } from '../model/ports.ts';

/** `data`: its folder; `client`: where it listens for clients. */
export function etcdWorkload(command: string, data: string, client: URL, peerPort: number): Workload {
  const peer = `http://127.0.0.1:${peerPort}`;
  const args = [
    '--name=etcd',
    `--data-dir=${data}`,
    `--listen-client-urls=${client.origin}`,
    `--advertise-client-urls=${client.origin}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=etcd=${peer}`,
    // A single member has nobody to wait for: shorter elections only make it start sooner.
    '--heartbeat-interval=50',
    '--election-timeout=300',
    '--log-level=warn',
  ];
  return { name: 'etcd', command, args, env: {} };
}
