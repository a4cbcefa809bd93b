/** Responses as etcd's JSON gateway writes them: bytes in base64, numbers of 64 bits as text, defaults left out. */
import type { RawKeyValue, RawRangeResponse, RawWatchResponse } from '../../etcd/rpc.ts';
import type { Header } from '../../etcd/words.ts';

/** One line of a watch. */
export function jsonOf(response: RawWatchResponse, watchId: bigint): string {
  const { header, created, canceled, compact_revision, cancel_reason, fragment, events = [] } = response;
  const result = {
    header: headerOf(header),
    ...(watchId === 0n ? {} : { watch_id: watchId.toString() }),
    ...(created === true ? { created } : {}),
    ...(canceled === true ? { canceled } : {}),
    ...(compact_revision === undefined ? {} : { compact_revision }),
    ...(cancel_reason === undefined ? {} : { cancel_reason }),
    ...(fragment === true ? { fragment } : {}),
    ...(events.length === 0
      ? {}
      : {
          events: events.map(({ type, kv, prev_kv: before }) => ({
            ...(type === 'Delete' ? { type: 'DELETE' } : {}),
            kv: keyValueOf(kv),
            ...(before === undefined ? {} : { prev_kv: keyValueOf(before) }),
          })),
        }),
  };
  return `${JSON.stringify({ result })}\n`;
}

export function rangeJsonOf({ header, kvs = [], more, count }: RawRangeResponse): string {
  return JSON.stringify({
    header: headerOf(header),
    ...(kvs.length === 0 ? {} : { kvs: kvs.map(keyValueOf) }),
    ...(more === true ? { more } : {}),
    ...(count === undefined || count === '0' ? {} : { count }),
  });
}

function headerOf({ cluster_id, member_id, revision, raft_term }: Header = {}): object {
  return {
    ...(cluster_id === undefined ? {} : { cluster_id }),
    ...(member_id === undefined ? {} : { member_id }),
    ...(revision === undefined ? {} : { revision }),
    ...(raft_term === undefined ? {} : { raft_term }),
  };
}

function keyValueOf({ key, create_revision, mod_revision, version, value, lease }: RawKeyValue): object {
  return {
    key: key.toString('base64'),
    ...(create_revision === undefined ? {} : { create_revision }),
    mod_revision,
    ...(version === undefined ? {} : { version }),
    ...(value === undefined || value.length === 0 ? {} : { value: value.toString('base64') }),
    ...(lease === undefined ? {} : { lease }),
  };
}
