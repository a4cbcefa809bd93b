/** What a host has, as far as kinds of fault differ in what they need. */

/** Programs, and rights of the kernel's, that not every host has. */
export type HostPart =
  | 'toxiproxy'
  | 'etcdutl'
  | 'previousEtcd'
  | 'openssl'
  | 'cpuLimit'
  | 'memoryLimit'
  | 'firewall'
  | 'prlimit';

export interface Host {
  /** The most files, sockets among them, that one process may have open. */
  readonly openFiles: number;
  /** Why it has not that part; undefined when it has, or would build it when it is asked to. */
  readonly missing: Readonly<Record<HostPart, string | undefined>>;
}
