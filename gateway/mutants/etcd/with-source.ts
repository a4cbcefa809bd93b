/** What the sync loop is given of etcd, changed: the seam of most that can go wrong between etcd and the store. */
import type { EtcdClient } from '../../config/etcd-client.ts';
import type { Item } from '../../config/store.ts';
import type { EtcdAccess } from '../../etcd/access.ts';
import type { SyncSource, WatchMessage } from '../../etcd/sync-loop.ts';
import type { Seams } from '../../seams.ts';

export type Source = SyncSource<Item>;
export type Message = WatchMessage<Item>;

export interface SourceContext {
  readonly access: EtcdAccess;
  readonly client: EtcdClient;
  /** With its trailing slash. */
  readonly prefix: string;
}

export function withSource(seams: Seams, change: (source: Source, context: SourceContext) => Partial<Source>): Seams {
  return {
    ...seams,
    connectEtcd(access) {
      const client = seams.connectEtcd(access);
      return {
        ...client,
        source(prefix) {
          const source = client.source(prefix);
          return { ...source, ...change(source, { access, client, prefix }) };
        },
      };
    },
  };
}

/** Never gives anything; ends with the signal. */
export async function* silence(signal: AbortSignal): AsyncIterable<Message> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  // A generator without a yield would be none.
  yield* [];
}
