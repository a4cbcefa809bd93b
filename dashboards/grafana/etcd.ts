/** etcd, as a gateway presses it. */
import type { Board } from './dashboard.ts';

export const etcd: Board = {
  uid: 'gatecrash-etcd',
  title: 'gatecrash: etcd',
  from: 'now-1h',
  rows: [
    {
      title: 'Pressure',
      panels: [
        {
          title: 'Watchers, and those that are behind',
          about: 'Slow watchers hold events; with many of them etcd answers everything later.',
          unit: 'short',
          lines: [
            ['sum(etcd_debugging_mvcc_watcher_total)', 'watchers'],
            ['sum(etcd_debugging_mvcc_slow_watcher_total)', 'behind'],
            ['sum(etcd_debugging_mvcc_pending_events_total)', 'events that wait'],
          ],
        },
        {
          title: 'Calls by method',
          about: 'Full reads of a prefix show as Range.',
          unit: 'reqps',
          lines: [['sum by (grpc_method) (rate(grpc_server_started_total[$__rate_interval]))', '{{grpc_method}}']],
        },
        {
          title: 'Calls that failed',
          about: 'ResourceExhausted and Unavailable are what overload looks like to a gateway.',
          unit: 'reqps',
          lines: [
            [
              'sum by (grpc_code) (rate(grpc_server_handled_total{grpc_code!="OK"}[$__rate_interval]))',
              '{{grpc_code}}',
            ],
          ],
        },
        {
          title: 'Bytes to clients',
          about: 'Events and ranges together.',
          unit: 'Bps',
          lines: [['sum(rate(etcd_network_client_grpc_sent_bytes_total[$__rate_interval]))', 'sent']],
        },
      ],
    },
    {
      title: 'Health',
      panels: [
        {
          title: 'Write-ahead log and commit, p99',
          about: "Above 10 and 25 ms etcd's own guide calls the disk too slow.",
          unit: 's',
          lines: [
            [
              'histogram_quantile(0.99, sum by (le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[$__rate_interval])))',
              'fsync',
            ],
            [
              'histogram_quantile(0.99, sum by (le) (rate(etcd_disk_backend_commit_duration_seconds_bucket[$__rate_interval])))',
              'commit',
            ],
          ],
        },
        {
          title: 'Database against its quota',
          about: 'At the quota etcd refuses every write.',
          unit: 'bytes',
          lines: [
            ['max(etcd_mvcc_db_total_size_in_bytes)', 'size'],
            ['max(etcd_mvcc_db_total_size_in_use_in_bytes)', 'in use'],
            ['min(etcd_server_quota_backend_bytes)', 'quota'],
          ],
        },
        {
          title: 'Leader',
          about: 'Members without a leader serve no consistent read; changes are elections.',
          unit: 'short',
          lines: [
            ['min(etcd_server_has_leader)', 'all have one'],
            ['sum(increase(etcd_server_leader_changes_seen_total[$__rate_interval]))', 'changes'],
          ],
        },
      ],
    },
  ],
};
