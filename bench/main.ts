/** `node bench/main.ts [name…]`: runs the benchmarks, prints their rows and keeps them in `.bench/results.json`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { blocking } from './blocking.ts';
import { churnBench } from './churn.ts';
import { configApply } from './config-apply.ts';
import { etcdLink } from './etcd-link.ts';
import { forwarding } from './forwarding.ts';
import { historyBench } from './history.ts';
import { judging } from './judging.ts';
import { loadEngine } from './load-engine.ts';
import { propagation } from './propagation.ts';
import { rivals } from './rivals.ts';
import { routeTable } from './route-table.ts';
import type { Benchmark, Row } from './row.ts';
import { trialOverhead } from './trial-overhead.ts';
import { watchFanoutSweep } from './watch-fanout-sweep.ts';
import { watchFanout } from './watch-fanout.ts';

const benchmarks: readonly Benchmark[] = [
  routeTable,
  configApply,
  forwarding,
  rivals,
  propagation,
  churnBench,
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

function line({ what, value, unit, goal, ok }: Row): string {
  const amount = value === null ? '-' : `${value} ${unit}`;
  const verdict = ok === null ? 'skipped' : ok ? 'ok' : value === null ? 'INVALID' : 'MISSED';
  return `${what.padEnd(58)} ${amount.padStart(14)} ${goal.padStart(10)}  ${verdict}`;
}

async function main(names: readonly string[]): Promise<number> {
  const selected = chosen(names);
  if (typeof selected === 'string') {
    process.stderr.write(`${selected}\n`);
    return usageError;
  }
  const rows: Row[] = [];
  process.stdout.write(`${'what'.padEnd(58)} ${'value'.padStart(14)} ${'goal'.padStart(10)}  ok\n`);
  let failed = false;
  for (const { name, run } of selected) {
    try {
      const added = await run();
      rows.push(...added);
      for (const row of added) process.stdout.write(`${line(row)}\n    ${row.reference}\n`);
      failed ||= added.some(({ value, ok }) => value === null && ok === false);
    } catch (error) {
      // The others may still be measured, and what was measured is kept.
      failed = true;
      process.stderr.write(`${name} could not run: ${(error as Error).stack}\n`);
    }
  }
  const file = path.join(import.meta.dirname, '..', '.bench', 'results.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
  return failed ? couldNotRun : 0;
}

process.exitCode = await main(process.argv.slice(2));
