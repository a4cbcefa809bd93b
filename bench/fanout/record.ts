/** What a run measured, kept in `.bench/` with the host it was measured on; `make docs` takes it from there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeEnvironment } from '../../harness/commands/environment.ts';
import type { Environment } from '../../harness/model/environment.ts';
import { findEtcd } from '../../harness/tools/etcd.ts';
import { median } from '../row.ts';
import type { Figures, Round } from './round.ts';
import type { WayName } from './ways.ts';

export interface FanoutRecord {
  readonly schema: 1;
  readonly environment: Omit<Environment, 'argv' | 'schema'>;
  readonly rounds: readonly Round[];
}

/** Overwrites the record of that name. */
export async function keepRecord(name: string, rounds: readonly Round[]): Promise<void> {
  const etcd = await findEtcd();
  if (etcd === undefined) throw new Error('there is no etcd: run make setup');
  const { argv: _argv, schema: _schema, ...environment } = describeEnvironment(etcd, undefined, new Date());
  const record: FanoutRecord = { schema: 1, environment, rounds };
  const file = path.join(import.meta.dirname, '..', '..', '.bench', `${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(record, rounded, 1)}\n`);
}

/** Five digits are more than any of them is worth. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}

export interface Where {
  readonly way: WayName;
  readonly watchers: number;
  readonly ratePerSecond: number;
}

/** The figure in each round of that way, at that rate; what was not there is left out. */
export function valuesOf(rounds: readonly Round[], where: Where, figure: keyof Figures): readonly number[] {
  const own = rounds.filter(({ way, watchers }) => way === where.way && watchers === where.watchers);
  const paces = own.flatMap(({ paces }) => paces.filter(({ ratePerSecond }) => ratePerSecond === where.ratePerSecond));
  return paces.flatMap((figures) => figures[figure] ?? []);
}

/** The median over the rounds; NaN of none. */
export function figureOf(rounds: readonly Round[], where: Where, figure: keyof Figures): number {
  return median(valuesOf(rounds, where, figure));
}

/** Every combination of way and number of watchers that was measured, with its first rate, in the order of the rounds. */
export function placesOf(rounds: readonly Round[]): readonly Where[] {
  const places = new Map<string, Where>();
  for (const { way, watchers, paces } of rounds) {
    const ratePerSecond = paces[0]?.ratePerSecond ?? Number.NaN;
    if (!places.has(`${way} ${watchers}`)) places.set(`${way} ${watchers}`, { way, watchers, ratePerSecond });
  }
  return [...places.values()];
}
