/** Keys by what they begin with: counted and deleted, past the link. */
import type { Etcd3 } from 'etcd3';
import { HarnessError } from '../model/errors.ts';
import type { EtcdEntry } from '../model/etcd.ts';
import { withEtcd } from './etcd-client.ts';
import { untilProven } from './until.ts';

/** `starts`: what they begin with, each of them. */
export async function countKeys(etcd: EtcdEntry, starts: readonly string[]): Promise<number> {
  const count = (client: Etcd3): Promise<readonly number[]> =>
    Promise.all(starts.map((start) => client.getAll().prefix(start).count()));
  return (await withEtcd(etcd, count)).reduce((sum, each) => sum + each, 0);
}

/** In one request, which is one revision. Resolves with that. */
export function deleteKeys(etcd: EtcdEntry, starts: readonly string[]): Promise<string> {
  return withEtcd(etcd, async (client) => {
    const [first, ...more] = starts.map((start) => client.delete().prefix(start));
    if (first === undefined) throw new RangeError('there is nothing to delete');
    const all = client.if('\0', 'Create', '==', 0).then(first, ...more);
    const { header } = more.length === 0 ? await first.exec() : await all.commit();
    return header.revision;
  });
}

/** Deletes what still comes, until there is none. Rejects with HEAL_FAILED when the signal aborts first. */
export async function untilNoKey(etcd: EtcdEntry, starts: readonly string[], signal: AbortSignal): Promise<void> {
  let left = 0;
  const look = async (): Promise<string | undefined> => {
    left = await countKeys(etcd, starts);
    if (left > 0) await deleteKeys(etcd, starts);
    return left === 0 ? 'none' : undefined;
  };
  try {
    await untilProven(look, () => `${left} keys under ${starts.join(', ')} are left`, signal);
  } catch (cause) {
    throw new HarnessError('HEAL_FAILED', `${left} keys under ${starts.join(', ')} are still in etcd`, { cause });
  }
}
