/** How etcd writes ranges, keys and revisions, and how we read them. */
import { isUtf8 } from 'node:buffer';

/** Where in etcd's history something was read, and from which member. */
export interface Position {
  readonly revision: bigint;
  readonly memberId: string;
  readonly clusterId: string;
  readonly raftTerm: bigint;
}

/** Of every response. Numbers are text: an int64 does not fit a number. What is absent is 0. */
export interface Header {
  readonly cluster_id?: string;
  readonly member_id?: string;
  readonly revision?: string;
  readonly raft_term?: string;
}

/** The keys from `key` up to, but without, `end`; without an end that one key alone. */
export interface KeyRange {
  readonly key: Buffer;
  readonly end: Buffer | undefined;
}

export function positionOf(header: Header = {}): Position {
  const { revision = '0', member_id: memberId = '0', cluster_id: clusterId = '0', raft_term: term = '0' } = header;
  return { revision: BigInt(revision), memberId, clusterId, raftTerm: BigInt(term) };
}

/** All keys that begin with the prefix, which is not empty. */
export function rangeOf(prefix: string): KeyRange {
  return { key: Buffer.from(prefix), end: endOf(prefix) };
}

/** The first key after all that begin with the prefix. */
export function endOf(prefix: string): Buffer {
  const end = Buffer.from(prefix);
  const last = end.length - 1;
  end.writeUInt8(end.readUInt8(last) + 1, last);
  return end;
}

/** etcd's keys are bytes. One that is no text keeps a name of its own, so that it cannot be taken for another. */
export function keyText(key: Buffer): string {
  if (isUtf8(key)) return key.toString('utf8');
  return key.toString('latin1').replaceAll(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}
