/** What a trial takes besides the experiment: from the first process to the first request, and from the last read to nothing. */
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Benchmark, type Goal, type Row, measured, median } from './row.ts';

const trials = 5;
const overhead: Goal = {
  id: 'trial-overhead',
  what: 'deploy and tear-down of a trial',
  unit: 's',
  atMost: 2,
};

interface Overhead {
  readonly deployMs: number;
  readonly tearDownMs: number;
}

async function run(): Promise<readonly Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-'));
  try {
    const cli = path.join(import.meta.dirname, '..', 'harness', 'cli.ts');
    const order = ['run', 'watch-silent-death', '--gateway', 'reference@.', '--trials', `${trials}`, '--out', folder];
    await promisify(execFile)(process.execPath, [cli, ...order]);
    const seen = globSync(path.join(folder, 'trials', '*')).map(overheadOf);
    const total = median(seen.map(({ deployMs, tearDownMs }) => deployMs + tearDownMs)) / 1_000;
    const deploys = seen.map(({ deployMs }) => (deployMs / 1_000).toFixed(2)).join(' ');
    const tearDowns = seen.map(({ tearDownMs }) => (tearDownMs / 1_000).toFixed(2)).join(' ');
    return [
      measured(
        overhead,
        total,
        `watch-silent-death; deploy ${deploys}, tear-down ${tearDowns}; median of ${trials} trials`,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function overheadOf(trial: string): Overhead {
  const read = (name: string): string => readFileSync(path.join(trial, name), 'utf8');
  const { tookMs } = JSON.parse(read('trial.json')) as { readonly tookMs: number };
  const history = read('history.ndjson')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly atMs: number; readonly kind: string; readonly phase?: string });
  const at = (phase: string): number => history.find((line) => line.phase === phase)?.atMs ?? Number.NaN;
  return { deployMs: at('warmup') - at('deploy'), tearDownMs: tookMs - at('teardown') };
}

export const trialOverhead: Benchmark = { name: 'trial-overhead', run };
