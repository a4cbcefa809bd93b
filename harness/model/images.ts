/** The images that are made of this checkout, by the names under which workloads ask for them. */
export const ownImages = {
  /** Whose network all containers of a trial share. */
  pod: 'gatecrash-pod',
  etcd: 'gatecrash-etcd',
  /** Of the minor version before. */
  previousEtcd: 'gatecrash-etcd-previous',
  gateway: 'gatecrash-gateway',
  watchProxy: 'gatecrash-watch-proxy',
  /** The etcd link, the echo upstream and storms: what the harness itself puts into a trial. */
  parts: 'gatecrash-parts',
  toxiproxy: 'gatecrash-toxiproxy',
} as const;
