/** How etcd writes ranges, keys and revisions, and how we read them. */
import { isUtf8 } from 'node:buffer';
import type { Position } from './etcd-client.ts';

/** Of every response. Numbers are text: an int64 does not fit a number. */
export interface Header {
  readonly cluster_id: string;
  readonly revision: string;
  readonly raft_term: string;
}

export function positionOf({ revision, cluster_id, raft_term }: Header): Position {
  return { revision: BigInt(revision), clusterId: cluster_id, raftTerm: BigInt(raft_term) };
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
