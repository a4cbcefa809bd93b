/** One request of the conformance program, and what is compared of its answer. */

export type Way = 'JSON' | 'gRPC' | 'etcdctl';

export interface Row {
  readonly area: string;
  readonly what: string;
  readonly way: Way;
  /** Against etcd, or against a proxy before one that has seen the same requests. */
  readonly ask: (url: URL, etcd: URL) => Promise<Answer>;
  /** The mirror may be a moment behind: it is asked again until it is not. */
  readonly mirrored?: true;
}

export interface Answer {
  /** For the table: `200`, `NOT_FOUND`, `exit 1`. */
  readonly summary: string;
  readonly content: unknown;
}

/** Of one etcd and not of another, or of one moment. */
const ofOneEtcd: ReadonlySet<string> = new Set(
  (
    'cluster_id member_id raft_term token leader raftIndex raftTerm raftAppliedIndex dbSize dbSizeInUse dbSizeQuota ' +
    'peerURLs clientURLs member hash downgradeInfo TTL uuid'
  ).split(' '),
);

/** The content without what differs between two etcds that have seen the same. */
export function comparable(content: unknown): unknown {
  if (Buffer.isBuffer(content)) return content.toString('base64');
  if (Array.isArray(content)) return content.map(comparable);
  if (typeof content !== 'object' || content === null) return content;
  const fields = Object.entries(content).map(([name, value]) => [name, ofOneEtcd.has(name) ? '*' : comparable(value)]);
  // An id of a member; that of a lease is chosen by the program.
  return Object.fromEntries(
    fields.map(([name, value]) => [name, name === 'ID' && String(value).length > 6 ? '*' : value]),
  );
}
