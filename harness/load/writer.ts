/**
 * The config writer: changes probe routes at a rate, straight in etcd, and remembers of each change whether it was
 * committed, was not, or may have been.
 */
import { Etcd3 } from 'etcd3';
import { setTimeout as sleep } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Writes } from '../../scenarios/scenario.ts';
import { etcdAccess } from '../model/etcd-access.ts';
import { commitChanges } from '../model/etcd-changes.ts';
import type { Recorder, Seq } from '../model/history.ts';
import type { EtcdEntry } from '../model/etcd.ts';
import { deleted } from '../model/layout.ts';
import type { World } from '../model/ports.ts';
import type { RouteTable } from '../model/route-table.ts';

/** A write without an answer for this long has an unknown outcome. */
const writeTimeoutMs = 3_000;
/**
 * Errors after which nothing can have been committed: etcd refused the request before it counted, or no connection was
 * there to send it on. All others leave the outcome open. etcd3's errors tell apart by their message only.
 */
const surelyNotCommitted: readonly RegExp[] = [
  /^3 INVALID_ARGUMENT/,
  /^7 PERMISSION_DENIED/,
  /^8 RESOURCE_EXHAUSTED: (etcdserver|grpc):/,
  /^14 UNAVAILABLE: No connection established/,
  /^15 DATA_LOSS: etcdserver: corrupt cluster/,
  /^16 UNAUTHENTICATED/,
];

/** Where routes are written, and how. */
export type Written = EtcdEntry & Pick<World, 'driver' | 'prefix' | 'upstream'>;

export interface Writer {
  readonly world: Written;
  readonly table: RouteTable;
  readonly writes: Writes;
  readonly seed: number;
}

interface PlannedWrite {
  readonly route: string;
  readonly seq: Seq;
}

/** Writes until `signal`; resolves when every write has its outcome. */
export async function runWriter(writer: Writer, recorder: Recorder, signal: AbortSignal): Promise<void> {
  const client = new Etcd3({
    ...etcdAccess(writer.world),
    defaultCallOptions: () => ({ deadline: Date.now() + writeTimeoutMs }),
  });
  const next = plannedWrites(writer);
  const outcomes: Promise<void>[] = [];
  // A failed outcome must not wait for somebody to await it: until then it would end the process.
  const broken = new AbortController();
  const over = AbortSignal.any([signal, broken.signal]);
  const started = performance.now();
  try {
    for (let index = 0; !over.aborted; index++) {
      const dueMs = (index / writer.writes.ratePerSecond) * 1_000 - (performance.now() - started);
      if (dueMs > 0) await sleep(dueMs, undefined, { signal: over }).catch(() => undefined);
      if (over.aborted) break;
      const write = next();
      // Open-loop: a slow etcd does not slow the operator who types.
      if (write !== undefined) {
        const done = writer.table.changes.pass(() => commit(client, writer, write, recorder));
        outcomes.push(done.catch((error: unknown) => broken.abort(error)));
      }
    }
    await Promise.all(outcomes);
    broken.signal.throwIfAborted();
  } finally {
    client.close();
  }
}

/** Draws kind and route from the seed; each probe route is used once. */
function plannedWrites({ table, writes, seed }: Writer): () => PlannedWrite | undefined {
  const random = xoroshiro128plus(seed);
  const untouched = [...table.probes];
  const resolution = 1_000_000;
  let created = 0;
  return () => {
    const draw = uniformInt(random, 0, resolution - 1) / resolution;
    const seq = table.nextSeq();
    if (draw < writes.mix.create) return { route: `created-${created++}`, seq };
    const probe = untouched.shift();
    if (probe === undefined) return undefined;
    return { route: probe.id, seq: draw < writes.mix.create + writes.mix.update ? seq : null };
  };
}

async function commit(
  client: Etcd3,
  { world, table }: Writer,
  { route, seq }: PlannedWrite,
  recorder: Recorder,
): Promise<void> {
  const spec = { id: route, path: table.pathOf(route), seq: seq ?? 0, upstream: world.upstream };
  const keys = world.driver.route(world.prefix, spec);
  const invokedAtMs = recorder.now();
  recorder.record({ kind: 'write', route, seq, edge: 'invoke' });
  try {
    const revision = await commitChanges(client, seq === null ? deleted(keys) : keys);
    table.committed(route, seq, invokedAtMs);
    recorder.record({ kind: 'write', route, seq, edge: 'ok', revision });
  } catch (error) {
    const { message } = error as Error;
    const edge = surelyNotCommitted.some((refusal) => refusal.test(message)) ? 'fail' : 'unknown';
    if (edge === 'unknown') table.unknown(route, seq);
    recorder.record({ kind: 'write', route, seq, edge, detail: message });
  }
}
