/** `.bench/results.json`: the last rows of each benchmark. A run of some leaves those of the others as they were. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Row } from './row.ts';

/** Of one run of one benchmark. */
export interface Origin {
  readonly benchmark: string;
  /** When it was done, in UTC. */
  readonly measuredAt: string;
  /** `+changes` when the checkout differed from it. */
  readonly commit: string;
}

export type KeptRow = Row & Origin;

export interface Results {
  /** In the order of the benchmarks, whenever they were measured. */
  rows(): readonly KeptRow[];
  /** In the place of what that benchmark measured before; written at once, as a later one may fail. */
  keep(rows: readonly Row[], origin: Origin): void;
}

/** `names` are all the benchmarks that there are: rows of others are of no use any more. */
export function openResults(file: string, names: readonly string[]): Results {
  let kept = readRows(file).filter(({ benchmark }) => names.includes(benchmark));
  return {
    rows: () => kept,
    keep(rows, origin) {
      const others = kept.filter(({ benchmark }) => benchmark !== origin.benchmark);
      const all = [...others, ...rows.map((row) => ({ ...row, ...origin }))];
      kept = names.flatMap((name) => all.filter(({ benchmark }) => benchmark === name));
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
    },
  };
}

function readRows(file: string): readonly KeptRow[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly KeptRow[]) : [];
}
