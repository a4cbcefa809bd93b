/** Files that start `gatecrash nightly` every night, for the three usual schedulers. */

export const schedulers = ['systemd', 'cron', 'github'] as const;
export type Scheduler = (typeof schedulers)[number];

export interface Place {
  /** The folder with `gatecrash.config.ts`, absolute. */
  readonly folder: string;
  /** How gatecrash is started there. */
  readonly program: string;
}

export interface ScheduleFile {
  readonly name: string;
  readonly text: string;
}

export function scheduleFiles(scheduler: Scheduler, place: Place): readonly ScheduleFile[] {
  switch (scheduler) {
    case 'systemd':
      return [
        { name: 'gatecrash-nightly.service', text: service(place) },
        { name: 'gatecrash-nightly.timer', text: timer },
      ];
    case 'cron':
      return [{ name: 'gatecrash-nightly.cron', text: cron(place) }];
    case 'github':
      return [{ name: 'gatecrash-nightly.yml', text: workflow }];
  }
}

/** SIGTERM reaches gatecrash alone, which heals and ends what it started; only then is anything killed. */
function service({ folder, program }: Place): string {
  return `# /etc/systemd/system/gatecrash-nightly.service
[Unit]
Description=gatecrash nightly: is the next gateway version safe?

[Service]
Type=oneshot
WorkingDirectory=${folder}
ExecStart=${program} nightly --quiet
# 5: a weakness that stable has too. It is in the history and needs no one at night.
SuccessExitStatus=5
KillMode=mixed
TimeoutStopSec=120
# Beside a nightly run nothing else should want the processor.
Nice=0
`;
}

const timer = `# /etc/systemd/system/gatecrash-nightly.timer
# systemctl daemon-reload && systemctl enable --now gatecrash-nightly.timer
[Unit]
Description=gatecrash nightly at two

[Timer]
OnCalendar=*-*-* 02:00:00
# A night that the host slept through is made up for.
Persistent=true

[Install]
WantedBy=timers.target
`;

function cron({ folder, program }: Place): string {
  return `# crontab gatecrash-nightly.cron, or a line of crontab -e. cron mails the summary, one paragraph a night.
0 2 * * * cd ${folder} && ${program} nightly --quiet
`;
}

const workflow = `# .github/workflows/gatecrash-nightly.yml
name: gatecrash nightly
on:
  schedule:
    - cron: '0 2 * * *'
  workflow_dispatch:
permissions:
  contents: read
# A second nightly waits: two on one history refuse each other.
concurrency: gatecrash-nightly
jobs:
  nightly:
    runs-on: ubuntu-latest
    timeout-minutes: 300
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: 24
      # The history of the nights before; the newest one that there is.
      - uses: actions/cache/restore@v4
        with:
          path: runs/history.db
          key: gatecrash-history-\${{ github.run_id }}
          restore-keys: gatecrash-history-
      - run: make setup
      # Annotations and the summary of the job are written by gatecrash itself.
      - run: ./gatecrash nightly
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: runs/history.db
          key: gatecrash-history-\${{ github.run_id }}-\${{ github.run_attempt }}
      # JUnit (junit.xml of each run), reports and evidence.
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: gatecrash-runs
          path: runs/
`;
