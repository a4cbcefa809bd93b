/** Events as they come, put together by revision: what belongs to one is never split. */
import type { RawEvent } from '../../etcd/rpc.ts';
import { keyOf } from '../span.ts';
import type { Mirror } from './mirror.ts';
import { sizeOf } from './responses.ts';
import type { FeedEvent, Revision } from './ring.ts';

/** Of one response, as long as it holds more than one revision. Bytes. */
export const responseBytes = 1_048_576;

/** Takes the events into the mirror and groups them by revision, each with what its key held before. */
export function byRevision(items: readonly RawEvent[], mirror: Mirror): readonly Revision[] {
  const events = items.map((item): FeedEvent => {
    const key = keyOf(item.kv.key);
    const before = mirror.apply(key, item);
    return { key, raw: before === undefined ? item : { ...item, prev_kv: before } };
  });
  return grouped(events);
}

export function grouped(events: readonly FeedEvent[]): readonly Revision[] {
  const revisions: { revision: bigint; events: FeedEvent[]; bytes: number }[] = [];
  for (const event of events) {
    const revision = BigInt(event.raw.kv.mod_revision);
    let last = revisions.at(-1);
    if (last?.revision !== revision) revisions.push((last = { revision, events: [], bytes: 0 }));
    last.events.push(event);
    last.bytes += sizeOf(event.raw);
  }
  return revisions;
}

/** Whole revisions, as many together as make a response. */
export function* batches(revisions: readonly Revision[]): Generator<readonly Revision[]> {
  let batch: Revision[] = [];
  let bytes = 0;
  for (const revision of revisions) {
    if (batch.length > 0 && bytes + revision.bytes > responseBytes) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(revision);
    bytes += revision.bytes;
  }
  if (batch.length > 0) yield batch;
}

export function bigger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
