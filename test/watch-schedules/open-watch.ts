/** One watch stream, over gRPC or JSON, as a sequence of responses that look the same. */
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { type RawEvent, type RawKeyValue, type RawWatchResponse, rpc } from '../../gateway/etcd/rpc.ts';
import { type WatchLine, openJsonWatch } from '../support/json-watch.ts';
import type { Change, Wish } from './history-checker.ts';

export interface Create extends Wish {
  readonly protocol: 'grpc' | 'json';
  readonly progressNotify: boolean;
  readonly fragment: boolean;
}

export interface Response {
  readonly revision: number;
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compactRevision: number;
  readonly reason: string;
  readonly fragment: boolean;
  readonly changes: readonly Change[];
}

export interface OpenWatch extends Disposable {
  readonly ended: Promise<void>;
  pause(): void;
  resume(): void;
  /** Asks how far it is; over JSON nothing can be asked. */
  askProgress(): void;
}

export function openWatch(url: URL, create: Create, from: number, take: (response: Response) => void): OpenWatch {
  return create.protocol === 'grpc' ? overGrpc(url, create, from, take) : overJson(url, create, from, take);
}

function overGrpc(url: URL, create: Create, from: number, take: (response: Response) => void): OpenWatch {
  const client = new Client(url.host, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
  });
  const { path, requestSerialize, responseDeserialize } = rpc.watch;
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, new Metadata());
  const ended = new Promise<void>((resolve) => {
    stream.on('error', () => resolve()).on('end', () => resolve());
  });
  stream.on('data', (raw: RawWatchResponse) => take(responseOf(raw)));
  const filters = [...(create.puts ? [] : ['Noput' as const]), ...(create.deletes ? [] : ['Nodelete' as const])];
  stream.write({
    create_request: {
      key: Buffer.from(create.from),
      range_end: Buffer.from(create.to),
      start_revision: `${from}`,
      prev_kv: create.prevKv,
      progress_notify: create.progressNotify,
      fragment: create.fragment,
      filters,
    },
  });
  return {
    ended,
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    askProgress: () => void stream.write({ progress_request: {} }),
    [Symbol.dispose]() {
      stream.cancel();
      client.close();
    },
  };
}

function overJson(url: URL, create: Create, from: number, take: (response: Response) => void): OpenWatch {
  const request = {
    key: Buffer.from(create.from).toString('base64'),
    range_end: Buffer.from(create.to).toString('base64'),
    start_revision: `${from}`,
    prev_kv: create.prevKv,
    progress_notify: create.progressNotify,
    fragment: create.fragment,
    filters: [...(create.puts ? [] : ['NOPUT']), ...(create.deletes ? [] : ['NODELETE'])],
  };
  const watch = openJsonWatch(url, [{ create_request: request }], {}, ({ result }) => {
    if (result !== undefined) take(responseOf(rawOf(result)));
  });
  return {
    ended: watch.ended,
    pause: () => watch.pause(),
    resume: () => watch.resume(),
    askProgress: () => undefined,
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

type Fields = Readonly<Record<string, string>>;

function rawOf({ events = [], ...rest }: NonNullable<WatchLine['result']>): RawWatchResponse {
  const keyValue = ({ key = '', value = '', mod_revision = '0' }: Fields): RawKeyValue => ({
    key: Buffer.from(key, 'base64'),
    value: Buffer.from(value, 'base64'),
    mod_revision,
  });
  return {
    ...rest,
    events: events.map(({ type, kv, prev_kv: before }) => ({
      ...(type === undefined ? {} : { type: 'Delete' as const }),
      kv: keyValue(kv),
      ...(before === undefined ? {} : { prev_kv: keyValue(before) }),
    })),
  };
}

function responseOf({
  header,
  created,
  canceled,
  compact_revision,
  cancel_reason,
  fragment,
  events,
}: RawWatchResponse) {
  return {
    revision: Number(header.revision ?? 0),
    created: created === true,
    canceled: canceled === true,
    compactRevision: Number(compact_revision ?? 0),
    reason: cancel_reason ?? '',
    fragment: fragment === true,
    changes: (events ?? []).map(changeOf),
  };
}

function changeOf({ type, kv, prev_kv: before }: RawEvent): Change {
  return {
    revision: Number(kv.mod_revision),
    key: kv.key.toString('latin1'),
    type: type === 'Delete' ? 'delete' : 'put',
    value: kv.value?.toString('latin1') ?? '',
    before: before === undefined ? undefined : (before.value?.toString('latin1') ?? ''),
  };
}
