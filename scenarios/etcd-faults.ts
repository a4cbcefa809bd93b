/** The part of the scenario language that hurts etcd itself. What each needs of it is checked in `etcd-needs.ts`. */
import type { Duration } from './scenario.ts';

export type EtcdFault =
  /** Real clients press etcd with puts, ranges and watchers outside the gateway's own keys. Rates are per second. */
  | {
      readonly kind: 'etcd.overload';
      readonly putsPerSecond: number;
      readonly rangesPerSecond: number;
      readonly watchers: number;
      /** Size of a stored value in bytes. */
      readonly valueBytes: number;
    }
  /** etcd stands still: it accepts connections and never answers (SIGSTOP). With `member` only one of three does. */
  | { readonly kind: 'etcd.pause'; readonly member?: 'leader' | 'follower' }
  /** etcd is gone and refuses connections; at heal it comes back with its data. */
  | { readonly kind: 'etcd.down' }
  /** All history is compacted, at once and again each `every`: watches that are behind are canceled. */
  | { readonly kind: 'etcd.compact'; readonly every: Duration }
  /** etcd's space alarm is raised: it refuses puts, and serves reads, deletes and watches. */
  | { readonly kind: 'etcd.nospace' }
  /** etcd's corruption alarm is raised: it refuses every write, deletes too, and serves reads and watches. */
  | { readonly kind: 'etcd.corrupt' }
  /** etcd's store is defragmented once, which blocks it for as long as that takes. */
  | { readonly kind: 'etcd.defrag' }
  /** The leader of three members is killed; the others elect another one. At heal it comes back with its data. */
  | { readonly kind: 'etcd.kill-leader' }
  /** The leader of three members hands over to another one: once, or at once and again every so often. */
  | { readonly kind: 'etcd.move-leader'; readonly every?: Duration }
  /**
   * Two of three members are killed, the leader too. The third one takes connections and keeps watches open, which are
   * silent; nothing is written. At heal both come back with their data.
   */
  | { readonly kind: 'etcd.lose-quorum' }
  /** A follower of three members is removed from the cluster; at heal one with an empty folder joins in its place. */
  | { readonly kind: 'etcd.replace-member' }
  /**
   * A byte in the log of a follower of three members is changed, as by a bad disk: it ends, and does not start again. At heal
   * it is given up, and one with an empty folder joins in its place.
   */
  | { readonly kind: 'etcd.damage-member' }
  /**
   * etcd comes back empty: the same cluster, its revisions begin anew. While the step holds, what the table should serve is
   * still what was last acknowledged: nobody has deleted it. At heal all of that is written again.
   */
  | { readonly kind: 'etcd.wipe' }
  /**
   * etcd is put back to a snapshot of before the load: at the snapshot's revision (`plain`), or at a much higher one with
   * all history compacted (`bumped`). At heal what was acknowledged is written again, so that what was last written is what
   * has to be served.
   */
  | { readonly kind: 'etcd.restore'; readonly revision: 'plain' | 'bumped' }
  /**
   * At the address of etcd another cluster answers, at a higher revision (up to 2,000) and with nothing of the table but
   * one foreign route. Writes go there, too. At heal the right one is back, and what was acknowledged is written again.
   */
  | { readonly kind: 'etcd.wrong-cluster' }
  /**
   * `enabled`: etcd begins to ask who one is, and the gateway has no user; the config writer neither. `tokens-expired`: all
   * tokens of the gateway's user are refused from now on, so that it has to log in again. `role-revoked`: that user may
   * read nothing. The last two need `etcd: { auth: true }`.
   */
  | { readonly kind: 'etcd.auth'; readonly change: 'enabled' | 'tokens-expired' | 'role-revoked' }
  /**
   * The certificate at the address of etcd is over its time for all who connect from now on; connections that are open live
   * on. It needs `etcd: { tls: true }`.
   */
  | { readonly kind: 'etcd.certificate-expired' }
  /** So many routes appear in one transaction (etcd takes 128), and are deleted at once at heal. */
  | { readonly kind: 'etcd.huge-txn'; readonly routes: number }
  /** So many good routes of so many bytes each (etcd takes requests of 1.5 MiB), filled up with white space. */
  | { readonly kind: 'etcd.huge-value'; readonly bytes: number; readonly values: number }
  /** So many routes are bound to leases of that length, in whole seconds, which nobody renews. */
  | { readonly kind: 'etcd.lease-storm'; readonly leases: number; readonly ttl: Duration }
  /** etcd begins as the minor version before the one in use, and its members are upgraded one after the other. */
  | { readonly kind: 'etcd.upgrade' };
