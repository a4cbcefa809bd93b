/** What a trial takes besides the experiment: to put up all that it runs against, and to take down the last of it. */
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { connectEngine } from '../harness/containers/engine.ts';
import type { RuntimeKind } from '../harness/model/plan.ts';
import { type Benchmark, type Goal, type Row, measured, median, skipped } from './row.ts';

const trials = 5;
const overhead: Goal = {
  id: 'trial-overhead',
  what: 'deploy and tear-down of a trial',
  unit: 's',
  atMost: 2,
};

/** With images that the engine has. */
const inContainers: Goal = {
  id: 'trial-overhead-docker',
  what: 'deploy and tear-down of a trial in containers',
  unit: 's',
  atMost: 8,
};

async function run(): Promise<readonly Row[]> {
  const engine = await connectEngine().catch((error: Error) => error.message);
  return [
    await row(overhead, 'process'),
    typeof engine === 'string' ? skipped(inContainers, engine) : await row(inContainers, 'docker'),
  ];
}

async function row(goal: Goal, runtime: RuntimeKind): Promise<Row> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-'));
  try {
    const cli = path.join(import.meta.dirname, '..', 'harness', 'cli.ts');
    const order = ['run', 'watch-silent-death', '--gateway', 'reference@.', '--trials', `${trials + 1}`];
    await promisify(execFile)(process.execPath, [cli, ...order, '--runtime', runtime, '--out', folder]);
    const seen = globSync(path.join(folder, 'trials', '*'))
      .map(trialIn)
      .toSorted((a, b) => a.startedMs - b.startedMs);
    const all = seen.flatMap((trial, index) => {
      const next = seen[index + 1];
      return next === undefined ? [] : [next.startedMs - trial.startedMs - trial.playedMs];
    });
    const each = all.map((ms) => (ms / 1_000).toFixed(2)).join(' ');
    const deploys = seen.map(({ deployMs }) => (deployMs / 1_000).toFixed(2)).join(' ');
    const how = `watch-silent-death; from one start to the next but for what was played, ${each}; of it until warm-up ${deploys}`;
    return measured(goal, median(all) / 1_000, `${how}; median of ${all.length} trials`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Seen {
  readonly startedMs: number;
  readonly deployMs: number;
  /** From the warm-up to the end of the reads. */
  readonly playedMs: number;
}

function trialIn(trial: string): Seen {
  const read = (name: string): string => readFileSync(path.join(trial, name), 'utf8');
  const { startedAt } = JSON.parse(read('trial.json')) as { readonly startedAt: string };
  const history = read('history.ndjson')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly atMs: number; readonly kind: string; readonly phase?: string });
  const at = (phase: string): number => history.find((line) => line.phase === phase)?.atMs ?? Number.NaN;
  const playedMs = at('teardown') - at('warmup');
  return { startedMs: Date.parse(startedAt), deployMs: at('warmup') - at('deploy'), playedMs };
}

export const trialOverhead: Benchmark = { name: 'trial-overhead', run };
