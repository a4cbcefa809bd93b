/**
 * Whether etcd still has the history that a mirror is the state of.
 *
 * A restore or a wipe gives etcd another history. When that has outgrown the last revision that was delivered before the
 * proxy is back, a watch from there begins in its middle, and nothing that etcd says of itself tells: cluster, term and
 * revision are as they would be. So what the span held at that revision is read again and compared.
 */
import { type ServiceError, status } from '@grpc/grpc-js';
import type { RawKeyValue } from '../../etcd/rpc.ts';
import type { WatchEnd } from '../../etcd/sync-loop.ts';
import { type Span, wireOf } from '../span.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Mirror } from './mirror.ts';

/** Why nobody may go on behind that revision, of which the mirror is the state; undefined when all may. */
export async function lossOf(
  upstream: Upstream,
  span: Span,
  mirror: Mirror,
  revision: bigint,
): Promise<WatchEnd | undefined> {
  try {
    const keys = await upstream.read(wireOf(span), { revision, keysOnly: true });
    return agree(mirror.within(span), keys) && (await sameValue(upstream, mirror, span, revision))
      ? undefined
      : 'went-back';
  } catch (error) {
    const { code, details } = error as Partial<ServiceError>;
    // etcd says so of a revision that it has no more, or that it has not reached.
    if (code !== status.OUT_OF_RANGE) throw error;
    return details?.includes('compacted') === true ? 'compacted' : 'went-back';
  }
}

/** By the revisions and versions of all keys: who writes other things in between, or in another order, changes those. */
function agree(kept: Iterable<RawKeyValue>, read: readonly RawKeyValue[]): boolean {
  let count = 0;
  for (const kv of kept) {
    const other = read[count++];
    if (other === undefined || !isSame(kv, other)) return false;
  }
  return count === read.length;
}

function isSame(a: RawKeyValue, b: RawKeyValue): boolean {
  return (
    a.mod_revision === b.mod_revision &&
    a.version === b.version &&
    a.create_revision === b.create_revision &&
    a.key.equals(b.key)
  );
}

/** Who writes the same keys in the same order, as most do, writes other values. That of the newest is compared. */
async function sameValue(upstream: Upstream, mirror: Mirror, span: Span, revision: bigint): Promise<boolean> {
  const newest = newestOf(mirror.within(span));
  if (newest === undefined) return true;
  const [read] = await upstream.read({ key: newest.key, end: undefined }, { revision });
  return read !== undefined && valueOf(read).equals(valueOf(newest));
}

function newestOf(all: Iterable<RawKeyValue>): RawKeyValue | undefined {
  let newest: { readonly kv: RawKeyValue; readonly revision: bigint } | undefined;
  for (const kv of all) {
    const revision = BigInt(kv.mod_revision);
    if (newest === undefined || revision > newest.revision) newest = { kv, revision };
  }
  return newest?.kv;
}

function valueOf({ value }: RawKeyValue): Buffer {
  return value ?? Buffer.alloc(0);
}
