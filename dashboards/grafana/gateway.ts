/** The reference gateway, from its `/metrics`. */
import type { Board } from './dashboard.ts';

export const gateway: Board = {
  uid: 'gatecrash-gateway',
  title: 'gatecrash: gateway',
  from: 'now-1h',
  rows: [
    {
      title: 'Traffic',
      panels: [
        {
          title: 'Answers by status',
          about: 'A share of 5xx or 404 that rises with a change of the configuration is lost configuration.',
          unit: 'reqps',
          lines: [['sum by (status) (rate(gateway_responses_total[$__rate_interval]))', '{{status}}']],
        },
        {
          title: 'Latency p99 by route',
          about: 'Of routes with the prometheus plugin; without the upstream it is the gateway itself.',
          unit: 's',
          lines: [
            [
              'histogram_quantile(0.99, sum by (le, route) (rate(gateway_http_latency_seconds_bucket{type="request"}[$__rate_interval])))',
              '{{route}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'Configuration',
      panels: [
        {
          title: 'Workers that are not watching',
          about: 'A worker that lists, connects or waits serves what it knew last.',
          unit: 'short',
          lines: [['sum by (state) (gateway_sync_state{state!="watching"})', '{{state}}']],
        },
        {
          title: 'Revision behind the newest worker',
          about: 'A worker that stays behind the others has lost changes: apache/apisix#13067 looks like this.',
          unit: 'short',
          lines: [['max(gateway_config_revision) - gateway_config_revision', '{{instance}} {{worker}}']],
        },
        {
          title: 'Changes, full reads and ended watches',
          about: 'Full reads are what an outage costs etcd.',
          unit: 'ops',
          lines: [
            ['sum(rate(gateway_config_changes_total[$__rate_interval]))', 'changes'],
            ['sum(rate(gateway_config_relists_total[$__rate_interval]))', 'full reads'],
            ['sum by (reason) (rate(gateway_watch_ends_total[$__rate_interval]))', 'watch ended: {{reason}}'],
          ],
        },
        {
          title: 'Time until a batch is in force, p99',
          about: 'Grows with the table when each change builds it anew.',
          unit: 's',
          lines: [
            [
              'histogram_quantile(0.99, sum by (le) (rate(gateway_config_apply_seconds_bucket[$__rate_interval])))',
              'p99',
            ],
          ],
        },
        {
          title: 'Values that do not count',
          about: 'Refused by validation; each route stays as it was, or away.',
          unit: 'short',
          lines: [['max by (instance) (gateway_config_rejected_items)', '{{instance}}']],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          title: 'CPU',
          about: 'All workers and the master, in cores.',
          unit: 'short',
          lines: [['sum by (instance) (rate(gateway_process_cpu_seconds_total[$__rate_interval]))', '{{instance}}']],
        },
        {
          title: 'Event loop delay p99',
          about: 'What a request waits for before anything is done for it.',
          unit: 's',
          lines: [['max by (instance) (gateway_nodejs_eventloop_lag_p99_seconds)', '{{instance}}']],
        },
      ],
    },
  ],
};
