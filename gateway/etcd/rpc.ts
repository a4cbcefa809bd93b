/** etcd's gRPC methods as they are on the wire: the `.proto` files ship inside npm `etcd3`. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Client, Metadata, MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Header } from './words.ts';

const folder = path.join(path.dirname(createRequire(import.meta.url).resolve('etcd3/package.json')), 'proto');
// A field with its default value is absent, as it is on the wire: it must not be added when a message is passed on.
const definition = loadSync('rpc.proto', {
  includeDirs: [folder],
  keepCase: true,
  longs: String,
  enums: String,
  arrays: true,
});

type Method<Request, Response> = MethodDefinition<Request, Response>;

function method<Request, Response>(service: string, name: string): Method<Request, Response> {
  const found = (definition[`etcdserverpb.${service}`] as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (found === undefined) throw new Error(`the .proto files of etcd3 know no ${service}.${name}`);
  return found as Method<Request, Response>;
}

/** mvccpb.KeyValue. Numbers are text: an int64 does not fit a number. What is absent is 0 or empty. */
export interface RawKeyValue {
  readonly key: Buffer;
  readonly value?: Buffer;
  readonly create_revision?: string;
  /** Never 0. */
  readonly mod_revision: string;
  readonly version?: string;
  readonly lease?: string;
}

/** mvccpb.Event; without a type it is a put. */
export interface RawEvent {
  readonly type?: 'Delete';
  readonly kv: RawKeyValue;
  readonly prev_kv?: RawKeyValue;
}

export interface RawWatchResponse {
  readonly header: Header;
  readonly watch_id?: string;
  readonly created?: boolean;
  readonly canceled?: boolean;
  readonly compact_revision?: string;
  readonly cancel_reason?: string;
  readonly fragment?: boolean;
  readonly events?: readonly RawEvent[];
}

export interface RawCreateRequest {
  readonly key?: Buffer;
  readonly range_end?: Buffer;
  readonly start_revision?: string;
  readonly progress_notify?: boolean;
  readonly filters?: readonly ('Noput' | 'Nodelete')[];
  readonly prev_kv?: boolean;
  readonly watch_id?: string;
  readonly fragment?: boolean;
}

/** Exactly one of the three. */
export interface RawWatchRequest {
  readonly create_request?: RawCreateRequest;
  readonly cancel_request?: { readonly watch_id?: string };
  readonly progress_request?: object;
}

export interface RawRangeRequest {
  readonly key?: Buffer;
  readonly range_end?: Buffer;
  readonly limit?: string;
  readonly revision?: string;
  readonly sort_order?: 'None' | 'Ascend' | 'Descend';
  readonly sort_target?: string;
  readonly serializable?: boolean;
  readonly keys_only?: boolean;
  readonly count_only?: boolean;
  readonly min_mod_revision?: string;
  readonly max_mod_revision?: string;
  readonly min_create_revision?: string;
  readonly max_create_revision?: string;
}

export interface RawRangeResponse {
  /** Of every etcd; of what only looks like one, perhaps not. */
  readonly header?: Header;
  readonly kvs?: readonly RawKeyValue[];
  readonly more?: boolean;
  readonly count?: string;
}

/** Of etcdserverpb.StatusResponse, what is asked for. */
export interface RawStatus {
  readonly header: Header;
  readonly version?: string;
  /** Absent while there is none. */
  readonly leader?: string;
}

interface Login {
  readonly name: string | undefined;
  readonly password: string | undefined;
}

export const rpc: {
  readonly watch: Method<RawWatchRequest, RawWatchResponse>;
  readonly range: Method<RawRangeRequest, RawRangeResponse>;
  readonly authenticate: Method<Login, { readonly token?: string }>;
  readonly status: Method<object, RawStatus>;
} = {
  watch: method('Watch', 'Watch'),
  range: method('KV', 'Range'),
  authenticate: method('Auth', 'Authenticate'),
  status: method('Maintenance', 'Status'),
};

/** One unary call; rejects with grpc-js' ServiceError, whose `code` and `details` are etcd's. `withinMs`: milliseconds. */
export function call<Request, Response>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: Method<Request, Response>,
  request: Request,
  metadata: Metadata,
  withinMs: number,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = { deadline: Date.now() + withinMs };
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, options, (error, answer) =>
      error !== null ? reject(error) : answer === undefined ? reject(new Error('no answer')) : resolve(answer),
    );
  });
}
