/** Watch responses of a feed, in etcd's form and with etcd's reasons. */
import type { RawEvent } from '../../etcd/rpc.ts';
import type { Header, Position } from '../../etcd/words.ts';
import { SharedResponse } from '../downstream/shared-response.ts';

/** What etcd lets a response be before it sends it in parts: its request limit and half a MiB. Bytes. */
const partBytes = 2_097_152;

export function headerOf({ clusterId, memberId, raftTerm }: Position, revision: bigint): Header {
  const header = { cluster_id: clusterId, member_id: memberId, raft_term: `${raftTerm}` };
  return revision === 0n ? header : { ...header, revision: `${revision}` };
}

/** One response, or several parts of one when it is too large and the client can join them. */
export function eventResponses(
  header: Header,
  events: readonly RawEvent[],
  fragment: boolean,
): readonly SharedResponse[] {
  if (!fragment) return [new SharedResponse({ header, events })];
  const parts: RawEvent[][] = [[]];
  let bytes = 0;
  for (const event of events) {
    const size = sizeOf(event);
    if (bytes + size > partBytes && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(event);
    bytes += size;
  }
  return parts.map((part, index) =>
    index === parts.length - 1
      ? new SharedResponse({ header, events: part })
      : new SharedResponse({ header, fragment: true, events: part }),
  );
}

/** About what the event takes in memory and on the wire. Bytes. */
export function sizeOf({ kv, prev_kv: before }: RawEvent): number {
  const overhead = 64;
  return overhead + kv.key.length + (kv.value?.length ?? 0) + (before?.value?.length ?? 0);
}

/** Everything up to `revision` is gone for this watch: its client has to list again. */
export function compactedResponse(header: Header, revision: bigint): SharedResponse {
  const { revision: _none, ...rest } = header;
  return new SharedResponse({ header: rest, canceled: true, compact_revision: `${revision}` });
}

export function canceledResponse(header: Header, reason: string): SharedResponse {
  return new SharedResponse({ header, canceled: true, cancel_reason: reason });
}

/** So many revisions that its next one is in the ring no more. */
export function tooSlowResponse(header: Header, next: bigint): SharedResponse {
  return canceledResponse(
    header,
    `watch proxy: too slow a consumer; everything before revision ${next} was sent, resume there`,
  );
}
