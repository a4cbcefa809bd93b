/** A snapshot of etcd in a file, as `etcdctl snapshot save` takes it: the store, and its checksum at the end. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Etcd3 } from 'etcd3';
import { etcdAccess } from '../model/etcd-access.ts';
import type { EtcdEntry } from '../model/etcd.ts';

/** Of the first member; rejects when it breaks off. */
export async function saveSnapshot(etcd: EtcdEntry, file: string, signal: AbortSignal): Promise<void> {
  const client = new Etcd3(etcdAccess(etcd));
  try {
    const stream = await client.maintenance.snapshot();
    // grpc-js' own stream, of which etcd3 declares less than it is.
    const messages = stream as unknown as AsyncIterable<{ readonly blob: Buffer }>;
    await pipeline(Readable.from(blobs(messages)), createWriteStream(file), { signal });
  } finally {
    client.close();
  }
}

async function* blobs(messages: AsyncIterable<{ readonly blob: Buffer }>): AsyncIterable<Buffer> {
  for await (const { blob } of messages) yield blob;
}
