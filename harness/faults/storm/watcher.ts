/** One raw etcd watcher on a connection of its own: what one more gateway worker costs etcd. */
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';

/** WatchCreateRequest{key=1, range_end=2} inside WatchRequest{create_request=1}, hand-encoded: events stay bytes. */
function watchCreateRequest(prefix: string): Buffer {
  const key = Buffer.from(prefix);
  const end = Buffer.from(key);
  end[end.length - 1] = (end[end.length - 1] ?? 0) + 1;
  const create = Buffer.concat([field(1, key), field(2, end)]);
  return field(1, create);
}

function field(number: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(payload.length), payload]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** Messages stay bytes both ways. */
const same = (bytes: Buffer): Buffer => bytes;

/** Opens it and reads for ever. A watcher that etcd drops comes back after a second, as gateways do. */
export function openWatcher(etcd: string, prefix: string): void {
  const client = new Client(new URL(etcd).host, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const stream = client.makeBidiStreamRequest('/etcdserverpb.Watch/Watch', same, same);
  const again = (): void => {
    client.close();
    setTimeout(() => openWatcher(etcd, prefix), 1_000);
  };
  stream.on('data', () => undefined);
  stream.once('error', (_error: ServiceError) => again());
  stream.write(watchCreateRequest(prefix));
}
