/** `node bench/main.ts [name…]`: runs the benchmarks, prints their rows and keeps them in `.bench/results.json`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { forwarding } from './forwarding.ts';
import { routeTable } from './route-table.ts';
import type { Benchmark, Row } from './row.ts';

const benchmarks: readonly Benchmark[] = [routeTable, forwarding];

const usageError = 3;

function chosen(names: readonly string[]): readonly Benchmark[] | string {
  const known = benchmarks.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) return `unknown benchmark ${unknown.join(', ')}; known: ${known.join(', ')}`;
  return names.length === 0 ? benchmarks : benchmarks.filter(({ name }) => names.includes(name));
}

function line({ what, value, unit, goal, ok }: Row): string {
  const amount = value === null ? '-' : `${value} ${unit}`;
  const verdict = ok === null ? 'skipped' : ok ? 'ok' : 'MISSED';
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
  for (const { run } of selected) {
    const added = await run();
    rows.push(...added);
    for (const row of added) process.stdout.write(`${line(row)}\n    ${row.reference}\n`);
  }
  const file = path.join(import.meta.dirname, '..', '.bench', 'results.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
  return rows.some(({ ok }) => ok === false) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
