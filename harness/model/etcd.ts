/** The etcd of a trial: its members, who may enter, and what is kept of what it acknowledged. */

/** One etcd of a trial's cluster. */
export interface EtcdMember {
  /** Of its workload, too. */
  readonly name: string;
  readonly client: URL;
  /** Where the other members come to it. */
  readonly peer: URL;
  /** Where it listens for them; another place than `peer` when the network between the members is hurt. */
  readonly listenPeer: URL;
  /** Folder of its data. Whoever changes it has stopped the member. */
  readonly data: string;
}

export type EtcdMembers = readonly [EtcdMember, ...EtcdMember[]];

export interface EtcdUser {
  readonly name: string;
  readonly password: string;
}

/** etcd itself, past the link: for the harness's own clients (`etcdAccess`). */
export interface EtcdEntry {
  /** Of the first member. */
  readonly etcd: URL;
  readonly members: EtcdMembers;
  /** Who may do everything; undefined when etcd lets everybody in. */
  readonly root: EtcdUser | undefined;
}

/** Paths of the programs that etcd is made of. */
export interface EtcdPrograms {
  readonly etcd: string;
  /** An etcd of the minor version before that; undefined when there is none. */
  readonly previous: string | undefined;
  readonly etcdutl: string | undefined;
}

/** What was acknowledged of the route table, as somebody has it who keeps the configuration elsewhere too. */
export interface KeptTable {
  /** Writes it to etcd again, while no other change is under way; resolves with the number of routes. */
  writeAgain(signal: AbortSignal): Promise<number>;
  /** Routes that etcd does not hold as they were acknowledged. */
  missing(signal: AbortSignal): Promise<readonly string[]>;
}
