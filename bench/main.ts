/**
 * `node bench/main.ts [name…]`: runs the benchmarks, prints their rows and keeps them in `.bench/results.json`, beside the
 * last ones of those that were not named.
 */
import path from 'node:path';
import { checkedOut } from '../harness/commands/environment.ts';
import { blocking } from './blocking.ts';
import { churnMemory } from './churn-memory.ts';
import { configApply } from './config-apply.ts';
import { configBurst } from './config-burst.ts';
import { configHeap } from './config-heap.ts';
import { etcdLink } from './etcd-link.ts';
import { forwarding } from './forwarding.ts';
import { historyBench } from './history.ts';
import { judging } from './judging.ts';
import { loadEngine } from './load-engine.ts';
import { propagation } from './propagation.ts';
import { type KeptRow, openResults } from './results.ts';
import { rivals } from './rivals.ts';
import { routeTable } from './route-table.ts';
import type { Benchmark, Row } from './row.ts';
import { trialOverhead } from './trial-overhead.ts';
import { watchFanoutSweep } from './watch-fanout-sweep.ts';
import { watchFanout } from './watch-fanout.ts';

const benchmarks: readonly Benchmark[] = [
  routeTable,
  forwarding,
  rivals,
  propagation,
  configApply,
  configBurst,
  churnMemory,
  configHeap,
  blocking,
  watchFanout,
  watchFanoutSweep,
  etcdLink,
  loadEngine,
  trialOverhead,
  historyBench,
  judging,
];

/** A goal that is missed is a finding, told by the table; only a measurement that failed is an error. */
const couldNotRun = 1;
const usageError = 3;

function chosen(names: readonly string[]): readonly Benchmark[] | string {
  const known = benchmarks.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) return `unknown benchmark ${unknown.join(', ')}; known: ${known.join(', ')}`;
  return names.length === 0 ? benchmarks : benchmarks.filter(({ name }) => names.includes(name));
}

function line({ what, value, unit, goal, aim, ok }: Row): string {
  const amount = value === null ? '-' : `${value} ${unit}`;
  const verdict = ok === null ? 'skipped' : ok ? 'ok' : value === null ? 'INVALID' : 'MISSED';
  return inColumns(what, amount, goal, aim, verdict);
}

function inColumns(what: string, value: string, goal: string, aim: string, ok: string): string {
  return `${what.padEnd(66)} ${value.padStart(14)} ${goal.padStart(10)} ${aim.padStart(10)}  ${ok}`;
}

function print(row: Row): void {
  process.stdout.write(`${line(row)}\n    ${row.reference}\n`);
}

/** What earlier runs measured of the benchmarks that were left out of this one, or did not come to an end in it. */
function printKept(rows: readonly KeptRow[]): void {
  const groups = Map.groupBy(rows, ({ benchmark, measuredAt, commit }) => `${benchmark}: ${measuredAt}, ${commit}`);
  for (const [origin, kept] of groups) {
    process.stdout.write(`\nkept of ${origin}\n`);
    kept.forEach(print);
  }
}

async function main(names: readonly string[]): Promise<number> {
  const selected = chosen(names);
  if (typeof selected === 'string') {
    process.stderr.write(`${selected}\n`);
    return usageError;
  }
  const file = path.join(import.meta.dirname, '..', '.bench', 'results.json');
  const results = openResults(
    file,
    benchmarks.map(({ name }) => name),
  );
  const commit = checkedOut() ?? 'no commit';
  process.stdout.write(`${inColumns('what', 'value', 'goal', 'aim', 'ok')}\n`);
  const measured = new Set<string>();
  let failed = false;
  for (const { name, run } of selected) {
    try {
      const added = await run();
      added.forEach(print);
      results.keep(added, { benchmark: name, measuredAt: new Date().toISOString(), commit });
      measured.add(name);
      failed ||= added.some(({ value, ok }) => value === null && ok === false);
    } catch (error) {
      // The others may still be measured, and what was measured is kept.
      failed = true;
      process.stderr.write(`${name} could not run: ${(error as Error).stack}\n`);
    }
  }
  printKept(results.rows().filter(({ benchmark }) => !measured.has(benchmark)));
  return failed ? couldNotRun : 0;
}

process.exitCode = await main(process.argv.slice(2));
