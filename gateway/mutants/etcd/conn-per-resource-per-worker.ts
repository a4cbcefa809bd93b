/** Each worker watches each kind of object by itself, on a connection of its own. */
import { Client, Metadata } from '@grpc/grpc-js';
import { kindOfDirectory } from '../../config/kinds/index.ts';
import { type EtcdAccess, channelCredentials, channelOptions, hostOf } from '../../etcd/access.ts';
import { rpc } from '../../etcd/rpc.ts';
import { rangeOf } from '../../etcd/words.ts';
import type { Mutant } from '../mutant.ts';
import { withSource } from './with-source.ts';

/** What it is told, the main watch delivers too; it is opened again with that one. */
function watchAlone(access: EtcdAccess, prefix: string, from: bigint, signal: AbortSignal): void {
  const client = new Client(hostOf(access), channelCredentials(access), {
    ...channelOptions,
    'grpc.use_local_subchannel_pool': 1,
  });
  const { path, requestSerialize, responseDeserialize } = rpc.watch;
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, new Metadata());
  const { key, end } = rangeOf(prefix);
  stream.write({
    create_request: { key, ...(end === undefined ? {} : { range_end: end }), start_revision: `${from}` },
  });
  stream.on('error', () => undefined).resume();
  const close = (): void => {
    stream.cancel();
    client.close();
  };
  signal.addEventListener('abort', close, { once: true });
  stream.once('close', close);
}

export const connPerResourcePerWorker: Mutant = {
  name: 'conn-per-resource-per-worker',
  kind: 'known-bad',
  summary: 'one connection and one watch for each kind of object and worker',
  corpus: 'R25',
  anchor: 'apache/apisix#7132, apache/apisix#9456',
  scenario: 'watch-cut',
  subject: 'bounded-pressure',
  wrap: (seams) =>
    withSource(seams, (source, { access, prefix }) => ({
      async *watch(from, signal) {
        const over = new AbortController();
        const both = AbortSignal.any([signal, over.signal]);
        for (const directory of kindOfDirectory.keys()) watchAlone(access, `${prefix}${directory}/`, from, both);
        try {
          yield* source.watch(from, signal);
        } finally {
          over.abort();
        }
      },
    })),
};
