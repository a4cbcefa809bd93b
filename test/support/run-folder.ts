/** Synthetic evidence as a run folder on disk, in the exact form that real runs leave. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '../../harness/model/environment.ts';
import type { Evidence } from '../../harness/model/evidence.ts';
import type { TrialRecord } from '../../harness/store/trial-log.ts';

export interface Made {
  /** ISO 8601. */
  readonly startedAt?: string;
  readonly git?: string;
}

export function writeRunFolder(folder: string, { plan, trials }: Evidence, made: Made = {}): void {
  const { startedAt = '2026-01-01T02:00:00.000Z', git = 'abcdef' } = made;
  const save = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  const environment: Environment = {
    schema: 1,
    startedAt,
    host: { cpu: 'A processor', cores: 2, memoryMiB: 4096, kernel: '6.1' },
    node: 'v24.0.0',
    etcd: { version: '3.6.0', from: 'PATH' },
    git,
    argv: ['canary'],
  };
  save('environment.json', JSON.stringify(environment));
  for (const { folder: place, history, latency, ...rest } of trials) {
    const record: TrialRecord = { ...rest, build: plan.builds[rest.arm].name, startedAt };
    save(`${place}/trial.json`, JSON.stringify(record));
    save(`${place}/history.ndjson`, history.map((line) => `${JSON.stringify(line)}\n`).join(''));
    save(`${place}/latency.json`, JSON.stringify(latency));
  }
  save('plan.json', JSON.stringify(plan));
}
