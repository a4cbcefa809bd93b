/** Records for a history database that nobody ran. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MetricPoint, RunRecord } from '../../harness/model/run-record.ts';

/** A folder that is gone when disposed. */
export function scratch(): { readonly folder: string } & Disposable {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-history-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

export function point(contrast: number, changes: Partial<MetricPoint> = {}): MetricPoint {
  return {
    scenario: 'none',
    metric: 'latency-p99',
    contrast,
    level: 1.5,
    twinSd: 0.13,
    blocks: 3,
    stableValue: 4.5,
    canaryValue: 4.5 * Math.exp(contrast),
    ...changes,
  };
}

export function record(night: number, changes: Partial<RunRecord> = {}): RunRecord {
  const startedAt = new Date(Date.UTC(2026, 0, night, 2)).toISOString();
  return {
    id: `night-${night}`,
    kind: 'nightly',
    night: null,
    pair: 'next',
    stable: 'reference@.',
    canary: 'reference@.',
    startedAt,
    decision: 'safe',
    because: 'nothing differs',
    planHash: 'hash',
    seed: night,
    git: `commit${night}`,
    hostClass: 'a host',
    node: 'v24.0.0',
    etcd: '3.6.0',
    folder: `/runs/${night}`,
    trials: [{ scenario: 'none', block: 1, arm: 'canary', state: 'invalid', reason: 'etcd died' }],
    values: [{ scenario: 'none', metric: 'latency-p99', block: 1, arm: 'canary', y: 1.5, value: 4.5, censored: true }],
    findings: [
      {
        scenario: 'none',
        subject: 'latency-p99',
        decision: 'safe',
        because: 'inside',
        estimate: 1.1,
        pValue: 0.4,
        interval: { low: 0.9, high: 1.2 },
      },
      {
        scenario: 'none',
        subject: 'converge',
        decision: 'safe',
        because: 'held',
        estimate: null,
        pValue: null,
        interval: null,
      },
    ],
    points: [point(0)],
    scenarioHashes: { none: 'form' },
    ...changes,
  };
}
