/** How long a stored session takes to be judged: read from disk, measured, tested, decided. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { judge } from '../harness/judge/judge.ts';
import { metrics } from '../harness/judge/metrics/index.ts';
import type { Evidence } from '../harness/model/evidence.ts';
import { readEvidence } from '../harness/store/read-evidence.ts';
import { none } from '../scenarios/steady/none.ts';
import type { Metric, Scenario } from '../scenarios/scenario.ts';
import { evidence } from '../test/support/evidence.ts';
import { type Benchmark, type Goal, type Row, measured, median } from './row.ts';

const blocks = 6;
const rounds = 5;
/** They need a table that grows, a cold tail, a count at the end: the records of a steady trial have none of these. */
const elsewhere: readonly Metric[] = ['stall-growth', 'cold-start-time', 'etcd-connections'];
const judged = (Object.keys(metrics) as Metric[]).filter((metric) => !elsewhere.includes(metric));
const goal: Goal = {
  id: 'judging',
  what: `judging a stored session of ${blocks} blocks and ${judged.length} metrics`,
  unit: 's',
  atMost: 1,
};

const everything: Scenario = {
  ...none,
  expectations: [
    { kind: 'invariant', oracle: 'no-lost-update' },
    ...judged.map((metric) => {
      return { kind: 'no-worse', metric, minimumEffect: 0.1, tolerance: 1 } as const;
    }),
  ],
};

async function run(): Promise<readonly Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-'));
  try {
    const looks = [{ blocks, alpha: 0.05 }];
    // As many lines as a trial of half a minute leaves.
    const lines = (_arm: string, block: number): object => ({
      requests: 30_000,
      writes: 600,
      cpuMicros: 200,
      p99Ms: 4 + block / 10,
    });
    store(folder, evidence([everything], blocks, lines, looks));
    const seconds: number[] = [];
    let decision = '';
    for (let round = 0; round < rounds; round += 1) {
      const started = performance.now();
      decision = judge(readEvidence(folder)).decision;
      seconds.push((performance.now() - started) / 1_000);
    }
    const each = seconds.map((value) => value.toFixed(2)).join(' ');
    return [measured(goal, median(seconds), `made-up records in the form of real ones; decision ${decision}; ${each}`)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function store(folder: string, { plan, trials }: Evidence): void {
  writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(plan));
  for (const { folder: name, history, latency, ...record } of trials) {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, 'trial.json'), JSON.stringify(record));
    writeFileSync(path.join(folder, name, 'history.ndjson'), history.map((o) => `${JSON.stringify(o)}\n`).join(''));
    writeFileSync(path.join(folder, name, 'latency.json'), JSON.stringify(latency));
  }
}

export const judging: Benchmark = { name: 'judging', run };
