/** The first worker's first read is kept, and whoever comes later begins with that, until its own watch has caught up. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mutant } from '../mutant.ts';
import { type Message, type Source, withSource } from './with-source.ts';

const usual = 1_000;

type Snapshot = Awaited<ReturnType<Source['snapshot']>>;

export const staleSnapshotOnWorkerRespawn: Mutant = {
  name: 'stale-snapshot-on-worker-respawn',
  kind: 'known-bad',
  summary: 'a worker that replaces a dead one begins with the configuration of the first start',
  corpus: 'R09',
  anchor: 'apache/apisix#12523, Kong/kong#14986',
  scenario: 'worker-killed',
  subject: 'monotonic',
  dose: { unit: 'milliseconds until it catches up', usual },
  wrap: (seams, ms = usual) =>
    withSource(seams, (source, { access }) => {
      // Where all workers of one master find it, as they would in memory that a fork shares.
      const file = path.join(tmpdir(), `gateway-first-snapshot-${process.ppid}-${access.url.port}.json`);
      // Whoever is killed leaves it to the next; whoever ends in order does not.
      process.once('exit', () => rmSync(file, { force: true }));
      let first = true;
      let behind = false;
      return {
        async snapshot() {
          const kept = first ? read(file) : undefined;
          first = false;
          if (kept !== undefined) {
            behind = true;
            return kept;
          }
          const snapshot = await source.snapshot();
          write(file, snapshot);
          return snapshot;
        },
        async *watch(from, signal): AsyncIterable<Message> {
          if (behind) await sleep(ms, undefined, { signal }).catch(() => undefined);
          behind = false;
          yield* source.watch(from, signal);
        },
      };
    }),
};

function read(file: string): Snapshot | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'), revive) as Snapshot;
  } catch {
    return undefined;
  }
}

function write(file: string, snapshot: Snapshot): void {
  try {
    writeFileSync(
      file,
      JSON.stringify(snapshot, (_, value) => (typeof value === 'bigint' ? { big: `${value}` } : value)),
      {
        flag: 'wx',
      },
    );
  } catch {
    // Another worker was first.
  }
}

function revive(_: string, value: unknown): unknown {
  const { big, type, data } = (value ?? {}) as {
    readonly big?: string;
    readonly type?: string;
    readonly data?: number[];
  };
  if (typeof big === 'string') return BigInt(big);
  return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data) : value;
}
