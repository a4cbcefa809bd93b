/** What etcd says of itself on `/metrics`: the proof that a storm reached it. */
import type { EtcdEntry } from '../model/etcd.ts';

/** Counters and gauges that etcd 3.4 to 3.7 all publish. */
export interface EtcdMetrics {
  readonly puts: number;
  readonly deletes: number;
  readonly ranges: number;
  readonly watchers: number;
  readonly defrags: number;
  readonly compactions: number;
  readonly leasesGranted: number;
  readonly leasesExpired: number;
}

/** A member that stands still is left out. */
const answerWithinMs = 2_000;

type Counts = (values: readonly number[]) => number;

const once: Counts = (values) => Math.max(...values);
const sum: Counts = (values) => values.reduce((all, value) => all + value, 0);

/** With several members: what each of them does counts `once`; what one does and the others do not is a `sum`. */
const metrics: { readonly [K in keyof EtcdMetrics]: readonly [string, Counts] } = {
  puts: ['etcd_mvcc_put_total', once],
  deletes: ['etcd_mvcc_delete_total', once],
  ranges: ['etcd_mvcc_range_total', sum],
  watchers: ['etcd_debugging_mvcc_watcher_total', sum],
  compactions: ['etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count', once],
  defrags: ['etcd_disk_backend_defrag_duration_seconds_count', once],
  leasesGranted: ['etcd_debugging_lease_granted_total', once],
  leasesExpired: ['etcd_debugging_server_lease_expired_total', sum],
};

/** Reads them of the members that answer; a metric that etcd does not publish is 0. Rejects when no member answers. */
export async function etcdMetrics({ members }: Pick<EtcdEntry, 'members'>, signal: AbortSignal): Promise<EtcdMetrics> {
  const answers = await Promise.allSettled(members.map(({ client }) => pageOf(client, signal)));
  const pages = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const [refused] = answers.filter((answer) => answer.status === 'rejected');
  if (pages.length === 0) throw refused?.reason;
  const read = ([name, counts]: readonly [string, Counts]): number => counts(pages.map((page) => value(page, name)));
  return {
    puts: read(metrics.puts),
    deletes: read(metrics.deletes),
    ranges: read(metrics.ranges),
    watchers: read(metrics.watchers),
    compactions: read(metrics.compactions),
    defrags: read(metrics.defrags),
    leasesGranted: read(metrics.leasesGranted),
    leasesExpired: read(metrics.leasesExpired),
  };
}

function value(page: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1] ?? 0);
}

async function pageOf(client: URL, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
  const answer = await fetch(new URL('/metrics', client), { signal: limit });
  return answer.text();
}
