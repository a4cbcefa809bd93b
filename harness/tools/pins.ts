/**
 * Third-party programs, pinned in one place. A build with Go is checked against a `go.sum`, Debian's package against
 * apt's keys, Node's against npm's integrity. Releases are not downloaded: their checksums are not known here for sure.
 */
export const pins = {
  node: { version: '24.21.0', atLeast: '24.12.0' },
  etcd: { version: '3.7.3', atLeast: '3.4.0' },
  /** Of the minor version before, for upgrades. */
  previousEtcd: { version: '3.6.16' },
  toxiproxy: { version: '2.12.0', atLeast: '2.5.0' },
  /** Each has a Go module of its own. */
  traefik: { versions: ['3.6.2', '3.6.4', '3.6.7'] },
  /** The first that can be told to leave its summary out. */
  k6: { atLeast: '1.3.0' },
} as const;
