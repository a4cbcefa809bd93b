/** Canary against stable over the nights, from `gatecrash serve`. */
import type { Board } from './dashboard.ts';

export const canary: Board = {
  uid: 'gatecrash-canary',
  title: 'gatecrash: canary against stable',
  from: 'now-30d',
  rows: [
    {
      title: 'Every pair',
      panels: [
        {
          title: 'Decision of the newest night',
          about: '1 for the decision that holds.',
          unit: 'short',
          lines: [['gatecrash_decision == 1', '{{pair}}: {{decision}}']],
        },
        {
          title: 'Age of the newest night',
          about: 'A nightly that does not run finds nothing.',
          unit: 's',
          lines: [['time() - gatecrash_run_start_timestamp_seconds', '{{pair}}']],
        },
      ],
    },
    {
      title: 'Every metric',
      panels: [
        {
          title: 'Canary over stable',
          about: '1 when nothing differs; the ratio of the same night, which the host moves little.',
          unit: 'short',
          lines: [['gatecrash_canary_over_stable_ratio', '{{pair}}: {{metric}} of {{scenario}}']],
        },
        {
          title: 'Stable itself',
          about: 'What the lab does: in ms, or as a share.',
          unit: 'short',
          lines: [['gatecrash_stable_value', '{{pair}}: {{metric}} of {{scenario}}']],
        },
        {
          title: 'Evidence for a drift, over the threshold',
          about: 'An alarm is raised at 1, once further blocks have shown it again.',
          unit: 'short',
          lines: [
            [
              'gatecrash_trend_evidence / ignoring (drift) group_left gatecrash_trend_threshold',
              '{{pair}}: {{metric}} of {{scenario}}, {{drift}}',
            ],
          ],
        },
        {
          title: 'Alarms that nobody has acknowledged',
          about: 'gatecrash history acknowledge <alarm> makes what it showed the new normal.',
          unit: 'short',
          lines: [['gatecrash_trend_alarms > 0', '{{pair}}: {{metric}} of {{scenario}}']],
        },
      ],
    },
  ],
};
