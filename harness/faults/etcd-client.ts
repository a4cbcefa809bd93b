/** A client of the trial's etcd for one question, past the link. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Etcd3 } from 'etcd3';
import { etcdAccess } from '../model/etcd-access.ts';
import type { EtcdEntry } from '../model/etcd.ts';

const answerWithinMs = 2_000;

export async function withEtcd<T>(etcd: EtcdEntry, ask: (client: Etcd3) => Promise<T>): Promise<T> {
  const client = new Etcd3({
    ...etcdAccess(etcd),
    defaultCallOptions: () => ({ deadline: Date.now() + answerWithinMs }),
  });
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}

/** The newest revision, read through the quorum: etcd serves. */
export function revisionOf(etcd: EtcdEntry): Promise<number> {
  return withEtcd(etcd, async (client) => Number((await client.getAll().prefix('\0').limit(1).exec()).header.revision));
}

/** Resolves with the revision once etcd serves; rejects when the signal aborts first. */
export async function untilServing(etcd: EtcdEntry, signal: AbortSignal): Promise<number> {
  for (;;) {
    try {
      return await revisionOf(etcd);
    } catch {
      await sleep(50, undefined, { signal });
    }
  }
}
