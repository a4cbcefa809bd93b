/** etcd's Watch service as it is on the wire (the `.proto` files ship inside npm `etcd3`), one stream per watch. */
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  type Client,
  type ClientDuplexStream,
  type ServiceClientConstructor,
  Metadata,
  loadPackageDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { type EtcdAccess, channelCredentials, channelOptions, hostOf } from './etcd-access.ts';
import type { EtcdClient, WatchMessage } from './etcd-client.ts';
import { type Header, endOf, keyText, positionOf } from './etcd-words.ts';
import type { Item } from './store.ts';

interface RawEvent {
  readonly type: 'Put' | 'Delete';
  readonly kv: { readonly key: Buffer; readonly value: Buffer; readonly mod_revision: string };
}

interface RawWatchResponse {
  readonly header: Header;
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compact_revision: string;
  readonly cancel_reason: string;
  readonly fragment: boolean;
  readonly events: readonly RawEvent[];
}

/** Checking a password takes etcd a tenth of a second by design (bcrypt). Milliseconds. */
const loginMs = 5_000;

type WatchStream = ClientDuplexStream<object, RawWatchResponse>;

const protoFolder = path.join(path.dirname(createRequire(import.meta.url).resolve('etcd3/package.json')), 'proto');
const definition = loadSync('rpc.proto', {
  includeDirs: [protoFolder],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});
const services = loadPackageDefinition(definition)['etcdserverpb'] as unknown as {
  readonly Watch: ServiceClientConstructor;
  readonly Auth: ServiceClientConstructor;
};

export function connectWatches(access: EtcdAccess): Pick<EtcdClient, 'watch' | 'close'> {
  const [host, credentials] = [hostOf(access), channelCredentials(access)];
  const watches = new services.Watch(host, credentials, channelOptions) as unknown as Watches;
  const logins = access.user === undefined ? undefined : new services.Auth(host, credentials, channelOptions);
  return {
    async *watch(prefix, fromRevision, signal) {
      const metadata = new Metadata();
      // A token of its own for each watch: whatever the last one's age, this one is fresh.
      if (logins !== undefined) metadata.set('token', await login(logins as unknown as Logins, access));
      yield* follow(watches.Watch(metadata), prefix, fromRevision, signal);
    },
    close() {
      (watches as unknown as Client).close();
      logins?.close();
    },
  };
}

interface Watches {
  Watch(metadata: Metadata): WatchStream;
}

interface Logins {
  Authenticate(
    request: { readonly name: string | undefined; readonly password: string | undefined },
    options: { readonly deadline: number },
    done: (error: Error | null, answer?: { readonly token: string }) => void,
  ): void;
}

function login(service: Logins, { user, password }: EtcdAccess): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, answer?: { readonly token: string }): void =>
      error === null ? resolve(answer?.token ?? '') : reject(error);
    service.Authenticate({ name: user, password }, { deadline: Date.now() + loginMs }, done);
  });
}

async function* follow(
  call: WatchStream,
  prefix: string,
  fromRevision: bigint,
  signal: AbortSignal,
): AsyncIterable<WatchMessage> {
  const cancel = (): void => call.cancel();
  // Cancelling reports an error even when nobody reads any more; unheard, it would end the process.
  call.on('error', () => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const range = { key: Buffer.from(prefix), range_end: endOf(prefix) };
    const request = { ...range, start_revision: fromRevision.toString(), progress_notify: true, fragment: true };
    call.write({ create_request: request });
    let fragments: readonly RawEvent[] = [];
    for await (const raw of call as AsyncIterable<RawWatchResponse>) {
      // Half a revision must never be applied: fragments wait for their last part.
      fragments = [...fragments, ...raw.events];
      if (raw.fragment) continue;
      yield message(raw, fragments);
      fragments = [];
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    call.cancel();
  }
}

function message(raw: RawWatchResponse, events: readonly RawEvent[]): WatchMessage {
  const items = events.map(({ type, kv }): Item => {
    const value = type === 'Delete' ? undefined : kv.value;
    return { key: keyText(kv.key), value, modRevision: BigInt(kv.mod_revision) };
  });
  const kind = raw.canceled ? 'canceled' : raw.created ? 'created' : items.length > 0 ? 'events' : 'progress';
  const position = positionOf(raw.header);
  return { kind, position, items, compactRevision: BigInt(raw.compact_revision), reason: raw.cancel_reason };
}
