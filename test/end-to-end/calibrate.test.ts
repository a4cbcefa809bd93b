import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Calibration } from '../../harness/model/calibration.ts';
import type { RivalVerdict } from '../../harness/model/rivals.ts';
import { gatecrash, runFolder } from '../support/cli.ts';

const metrics = ['latency-p50', 'error-share', 'write-visible-delay', 'recovery-time', 'etcd-requests-per-change'];

test('equal trials are measured, frozen into the next plan, and judged by every rival', async () => {
  using run = runFolder();
  const file = `${run.folder}.calibration.json`;
  const args = [
    '--scenario',
    'watch-silent-death',
    '--trials',
    '9',
    '--seed',
    '4',
    '--out',
    run.folder,
    '--file',
    file,
  ];
  const { code, stdout } = await gatecrash(['calibrate', ...args]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/watch-silent-death {2}\(3 blocks; .*\n.*metric +median/);
  const { scenarios, build } = JSON.parse(readFileSync(file, 'utf8')) as Calibration;
  expect(build).toBe('reference@.');
  const measured = scenarios['watch-silent-death']?.metrics ?? {};
  expect(Object.keys(measured)).toEqual(expect.arrayContaining(metrics));
  expect(measured['recovery-time']).toMatchObject({ trials: 9 });
  expect(measured['etcd-requests-per-change']?.median).toBeGreaterThan(0);

  const planned = await gatecrash(['plan', 'watch-silent-death', '--calibration', file]);
  expect(planned.stdout).toMatch(/scales: calibration [0-9a-f]{16}\)\n +error-share +\+\d+ % in 80 %/);

  const judged = await gatecrash(['judge', run.folder, '--rivals', '--json']);
  const { rivals } = JSON.parse(judged.stdout) as { rivals: readonly RivalVerdict[] };
  expect(rivals.map(({ rival }) => rival)).toContain('kayenta');
  for (const { canary, twin } of rivals) expect([canary.why, twin.why]).not.toContain('');
  const text = await gatecrash(['judge', run.folder, '--rivals']);
  expect(text.stdout).toMatch(/^rival {9,}of the canary +of the twin/m);
  expect(readFileSync(path.join(run.folder, 'verdict.json'), 'utf8')).not.toContain('kayenta');
}, 480_000);
