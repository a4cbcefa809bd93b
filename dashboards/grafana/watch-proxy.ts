/** The etcd watch proxy, from its `/metrics`. */
import type { Board } from './dashboard.ts';

export const watchProxy: Board = {
  uid: 'gatecrash-watch-proxy',
  title: 'gatecrash: watch proxy',
  from: 'now-1h',
  rows: [
    {
      title: 'Towards clients',
      panels: [
        {
          title: 'Streams and watches',
          about: 'What etcd would have to serve without the proxy.',
          unit: 'short',
          lines: [
            ['sum by (instance) (watch_proxy_streams)', 'streams {{instance}}'],
            ['sum by (instance) (watch_proxy_watchers)', 'watches {{instance}}'],
          ],
        },
        {
          title: 'Events delivered',
          about: 'Over all watches.',
          unit: 'ops',
          lines: [['sum by (instance) (rate(watch_proxy_events_delivered_total[$__rate_interval]))', '{{instance}}']],
        },
        {
          title: 'Watches that were ended',
          about: 'Clients that took too little, and clients that had to list again.',
          unit: 'ops',
          lines: [
            ['sum(rate(watch_proxy_slow_consumers_canceled_total[$__rate_interval]))', 'too slow'],
            ['sum(rate(watch_proxy_watches_compacted_total[$__rate_interval]))', 'history lost'],
          ],
        },
        {
          title: 'Watches that are behind',
          about: 'Clients that take slowly or have been away. Revisions are unwritten for a moment only.',
          unit: 'short',
          lines: [
            ['sum by (instance) (watch_proxy_watchers_behind)', 'in the ring {{instance}}'],
            ['sum by (instance) (watch_proxy_watchers_in_history)', 'in the history of etcd {{instance}}'],
            ['max by (instance) (watch_proxy_unwritten_revisions)', 'unwritten {{instance}}'],
          ],
        },
      ],
    },
    {
      title: 'Towards etcd',
      panels: [
        {
          title: 'Ranges, and those that are not watched now',
          about: 'Anything but 0 behind means that clients see nothing new.',
          unit: 'short',
          lines: [
            ['sum by (instance) (watch_proxy_watched_ranges)', 'ranges {{instance}}'],
            [
              'sum by (instance) (watch_proxy_watched_ranges) - sum by (instance) (watch_proxy_upstream_watches)',
              'not watched {{instance}}',
            ],
          ],
        },
        {
          title: 'Watches that ended, and full reads',
          about: 'Every full read is a range of all keys at etcd.',
          unit: 'ops',
          lines: [
            ['sum by (end) (rate(watch_proxy_upstream_watches_ended_total[$__rate_interval]))', '{{end}}'],
            ['sum(rate(watch_proxy_relists_total[$__rate_interval]))', 'full reads'],
          ],
        },
        {
          title: 'Kept',
          about: 'Events to resume from, and keys to read from.',
          unit: 'short',
          lines: [
            ['sum by (instance) (watch_proxy_ring_events)', 'events {{instance}}'],
            ['sum by (instance) (watch_proxy_mirrored_keys)', 'keys {{instance}}'],
          ],
        },
        {
          title: 'Since etcd was heard',
          about: 'Of the range that it was heard of the longest ago. It is asked every three seconds.',
          unit: 's',
          lines: [['max by (instance) (watch_proxy_upstream_age_seconds)', '{{instance}}']],
        },
      ],
    },
  ],
};
