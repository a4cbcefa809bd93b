/** Keys by what they begin with: counted and deleted, past the link. */
import type { Etcd3 } from 'etcd3';
import { HarnessError } from '../model/errors.ts';
import type { EtcdEntry } from '../model/etcd.ts';
import { withEtcd } from './etcd-client.ts';
import { untilProven } from './until.ts';

export function countKeys(etcd: EtcdEntry, prefix: string): Promise<number> {
  const count = (client: Etcd3): Promise<number> => client.getAll().prefix(prefix).count();
  return withEtcd(etcd, count);
}

/** In one request, which is one revision. Resolves with that. */
export function deleteKeys(etcd: EtcdEntry, prefix: string): Promise<string> {
  return withEtcd(etcd, async (client) => (await client.delete().prefix(prefix).exec()).header.revision);
}

/** Deletes what still comes, until there is none. Rejects with HEAL_FAILED when the signal aborts first. */
export async function untilNoKey(etcd: EtcdEntry, prefix: string, signal: AbortSignal): Promise<void> {
  let left = 0;
  const look = async (): Promise<string | undefined> => {
    left = await countKeys(etcd, prefix);
    if (left > 0) await deleteKeys(etcd, prefix);
    return left === 0 ? 'none' : undefined;
  };
  try {
    await untilProven(look, () => `${left} keys under ${prefix} are left`, signal);
  } catch (cause) {
    throw new HarnessError('HEAL_FAILED', `${left} keys under ${prefix} are still in etcd`, { cause });
  }
}
