/** What a storm process does to etcd, as data: written to a file by an injector, read by `main.ts`. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { entryBeside } from '../../model/entry.ts';
import type { EtcdUser } from '../../model/etcd.ts';
import { ownImages } from '../../model/images.ts';
import type { Change } from '../../model/layout.ts';
import type { Workload } from '../../model/ports.ts';

export interface StormSpec {
  /** Of this start: a log may hold words of an earlier one. */
  readonly id: string;
  /** The members of etcd, or what stands before it. */
  readonly etcd: readonly string[];
  /** Who may do everything, when etcd asks who one is. */
  readonly root?: EtcdUser;
  /**
   * Played in order, over and over, at the rate (per second), whether etcd keeps up or not. Those of one route are changed
   * together.
   */
  readonly changes: { readonly ratePerSecond: number; readonly list: readonly (readonly Change[])[] };
  /** Linearizable reads of a whole prefix, at most `limit` keys each. */
  readonly ranges: { readonly ratePerSecond: number; readonly prefix: string; readonly limit: number };
  /** Watchers of a prefix, each on a connection of its own. */
  readonly watchers: { readonly count: number; readonly prefix: string };
  /** All history is compacted when the storm begins and at this rate (per second) after that. */
  readonly compactions: { readonly ratePerSecond: number };
  /** The leader hands over to another member when the storm begins and at this rate (per second) after that. */
  readonly leaderMoves: { readonly ratePerSecond: number };
  /** Granted when the storm begins, each with the keys of one route, and never renewed. */
  readonly leases: {
    readonly firstId: number;
    readonly ttlSeconds: number;
    readonly list: readonly (readonly Change[])[];
  };
  /** The storm ends by itself this long after its release, whatever becomes of the harness. Milliseconds. */
  readonly lifetimeMs: number;
}

/** Past its hold by this much, a storm is only alive because its heal never came. Milliseconds. */
export const stormGraceMs = 5_000;

/** What a storm prints once it waits for its release. */
export function stormReady({ id }: Pick<StormSpec, 'id'>): string {
  return `storm ${id} is waiting for SIGUSR2`;
}

export const calm: Omit<StormSpec, 'id' | 'etcd' | 'lifetimeMs'> = {
  changes: { ratePerSecond: 0, list: [] },
  ranges: { ratePerSecond: 0, prefix: '', limit: 0 },
  watchers: { count: 0, prefix: '' },
  compactions: { ratePerSecond: 0 },
  leaderMoves: { ratePerSecond: 0 },
  leases: { firstId: 1, ttlSeconds: 1, list: [] },
};

/** Writes the spec beside the trial's evidence and describes the process that plays it. */
export function stormWorkload(name: string, folder: string, spec: StormSpec): Workload {
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(spec));
  return {
    name,
    command: process.execPath,
    args: [entryBeside(import.meta.url, 'main'), file],
    env: {},
    image: { name: ownImages.parts, args: ['harness/faults/storm/main.ts', file], mounts: [file] },
  };
}
