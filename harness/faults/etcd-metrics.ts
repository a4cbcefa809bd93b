/** What etcd says of itself on `/metrics`: the proof that a storm reached it. */

/** Counters and gauges that etcd 3.4 to 3.7 all publish. */
export interface EtcdMetrics {
  readonly puts: number;
  readonly deletes: number;
  readonly ranges: number;
  readonly watchers: number;
  readonly defrags: number;
  readonly compactions: number;
}

const names = {
  puts: 'etcd_mvcc_put_total',
  deletes: 'etcd_mvcc_delete_total',
  ranges: 'etcd_mvcc_range_total',
  watchers: 'etcd_debugging_mvcc_watcher_total',
  compactions: 'etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count',
  defrags: 'etcd_disk_backend_defrag_duration_seconds_count',
} as const;

/** Reads them; a metric that etcd does not publish is 0. Rejects when etcd does not answer before the signal. */
export async function etcdMetrics(etcd: URL, signal: AbortSignal): Promise<EtcdMetrics> {
  const answer = await fetch(new URL('/metrics', etcd), { signal });
  const text = await answer.text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return {
    puts: value(names.puts),
    deletes: value(names.deletes),
    ranges: value(names.ranges),
    watchers: value(names.watchers),
    defrags: value(names.defrags),
    compactions: value(names.compactions),
  };
}
