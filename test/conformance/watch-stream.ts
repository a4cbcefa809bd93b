/** A Watch stream in either way, as a sequence of responses that look the same. */
import { type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import { type RawWatchRequest, type RawWatchResponse, rpc } from '../../gateway/etcd/rpc.ts';
import { openJsonWatch } from '../support/json-watch.ts';
import { grpcClient } from './grpc-rows.ts';

interface Create {
  readonly key?: string;
  readonly range_end?: string;
  readonly start_revision?: string;
  readonly progress_notify?: boolean;
  readonly filters?: readonly ('NOPUT' | 'NODELETE')[];
  readonly prev_kv?: boolean;
  readonly watch_id?: string;
  readonly fragment?: boolean;
}

/** As it stands in JSON. */
export interface Request {
  readonly create_request?: Create;
  readonly cancel_request?: { readonly watch_id: string };
  readonly progress_request?: object;
}

interface Event {
  readonly type?: string;
  readonly kv: Readonly<Record<string, unknown>>;
}

export interface Line {
  readonly watch_id?: string;
  readonly created?: boolean;
  readonly canceled?: boolean;
  readonly fragment?: boolean;
  readonly header?: object;
  readonly events?: readonly Event[];
}

export interface Stream extends Disposable {
  readonly lines: readonly Line[];
}

export function openStream(
  way: 'JSON' | 'gRPC',
  url: URL,
  requests: readonly Request[],
  headers?: Record<string, string>,
): Stream {
  return way === 'JSON' ? overJson(url, requests, headers) : overGrpc(url, requests);
}

function overJson(url: URL, requests: readonly Request[], headers?: Record<string, string>): Stream {
  const watch = openJsonWatch(url, requests, headers);
  return {
    get lines() {
      return watch.lines.map(({ result, error }) => result ?? (error as Line));
    },
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

function overGrpc(url: URL, requests: readonly Request[]): Stream {
  const client = grpcClient(url);
  const { path, requestSerialize, responseDeserialize } = rpc.watch;
  const stream: ClientDuplexStream<RawWatchRequest, RawWatchResponse> = client.makeBidiStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    new Metadata(),
  );
  const lines: Line[] = [];
  stream.on('error', () => undefined);
  stream.on('data', (line: RawWatchResponse) => lines.push(line as unknown as Line));
  for (const request of requests) stream.write(rawOf(request));
  return {
    lines,
    [Symbol.dispose]() {
      stream.cancel();
      client.close();
    },
  };
}

function rawOf({ create_request: create, cancel_request: cancel }: Request): RawWatchRequest {
  if (create === undefined) return cancel === undefined ? { progress_request: {} } : { cancel_request: cancel };
  const { key, range_end: end, filters = [], ...rest } = create;
  return {
    create_request: {
      ...rest,
      ...(key === undefined ? {} : { key: Buffer.from(key, 'base64') }),
      ...(end === undefined ? {} : { range_end: Buffer.from(end, 'base64') }),
      filters: filters.map((name) => (name === 'NOPUT' ? 'Noput' : 'Nodelete')),
    },
  };
}
