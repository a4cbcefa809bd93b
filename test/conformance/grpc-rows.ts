/** Requests over gRPC. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { Client, Metadata, type ServiceError, credentials, status } from '@grpc/grpc-js';
import { type MethodDefinition, loadSync } from '@grpc/proto-loader';
import type { Answer, Row } from './row.ts';

const protos = path.join(path.dirname(createRequire(import.meta.url).resolve('etcd3/package.json')), 'proto');
const options = { includeDirs: [protos], keepCase: true, longs: String, enums: String, defaults: true };
const definition = loadSync('rpc.proto', options);

type Method = MethodDefinition<object, object>;

function methodOf(name: string): Method {
  const [service = '', method = ''] = name.split('.');
  return (definition[`etcdserverpb.${service}`] as unknown as Record<string, Method>)[method] as Method;
}

export function grpcClient(url: URL): Client {
  return new Client(url.host, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
}

interface Call {
  readonly path: string;
  readonly bytes: Buffer;
  readonly decode: (bytes: Buffer) => unknown;
  readonly metadata?: Readonly<Record<string, string>>;
}

async function callGrpc(url: URL, { path, bytes, decode, metadata = {} }: Call): Promise<Answer> {
  const client = grpcClient(url);
  const sent = new Metadata();
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
  try {
    return await new Promise((resolve) => {
      const deadline = Date.now() + 5_000;
      client.makeUnaryRequest(
        path,
        (it: Buffer) => it,
        decode,
        bytes,
        sent,
        { deadline },
        (error, answer) => resolve(error === null ? { summary: 'OK', content: answer } : refusal(error)),
      );
    });
  } finally {
    client.close();
  }
}

function refusal({ code, details }: ServiceError): Answer {
  return { summary: status[code] ?? `${code}`, content: { code, details } };
}

export function unary(area: string, what: string, name: string, request: object): Row {
  const { path, requestSerialize, responseDeserialize } = methodOf(name);
  const call = { path, bytes: requestSerialize(request), decode: responseDeserialize };
  return { area, what, way: 'gRPC', ask: (url) => callGrpc(url, call) };
}

function raw(area: string, what: string, path: string, bytes: Buffer): Row {
  return { area, what, way: 'gRPC', ask: (url) => callGrpc(url, { path, bytes, decode: String }) };
}

/** One request to a stream, and the first answer. */
function firstOf(area: string, what: string, name: string, request: object): Row {
  const { path, requestSerialize, responseDeserialize } = methodOf(name);
  const ask = async (url: URL): Promise<Answer> => {
    const client = grpcClient(url);
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, new Metadata());
    try {
      return await new Promise((resolve) => {
        stream.on('error', (error: ServiceError) => resolve(refusal(error)));
        stream.on('data', (content: object) => resolve({ summary: 'OK', content }));
        stream.write(request);
      });
    } finally {
      stream.cancel();
      client.close();
    }
  };
  return { area, what, way: 'gRPC', ask };
}

const [a, b, c, all, end] = ['/apisix/ga', '/apisix/gb', '/apisix/gc', '/apisix/', '/apisix0'].map((key) =>
  Buffer.from(key),
);
const range = { key: all, range_end: end };
const value = Buffer.from('v');
const put = (key: Buffer | undefined): object => ({ request_put: { key, value } });

export const grpcRows: readonly Row[] = [
  unary('KV', 'put', 'KV.Put', { key: a, value }),
  unary('KV', 'put, with what was before', 'KV.Put', { key: a, value, prev_kv: true }),
  unary('KV', 'put without a key', 'KV.Put', { value }),
  unary('KV', 'put that keeps a value that is not there', 'KV.Put', { key: Buffer.from('/none'), ignore_value: true }),
  unary('KV', 'put with a lease that is not there', 'KV.Put', { key: b, lease: '12345' }),
  unary('KV', 'range of one key', 'KV.Range', { key: a }),
  unary('KV', 'range of a prefix', 'KV.Range', range),
  unary('KV', 'range with a limit', 'KV.Range', { ...range, limit: 1 }),
  unary('KV', 'range of the future', 'KV.Range', { ...range, revision: '2000000' }),
  unary('KV', 'range of what is compacted', 'KV.Range', { ...range, revision: '2' }),
  unary('KV', 'range without a key', 'KV.Range', {}),
  unary('KV', 'txn that succeeds', 'KV.Txn', {
    compare: [{ key: a, target: 'Version', result: 'Equal', version: '2' }],
    success: [put(b), put(c), { request_range: { key: b } }],
  }),
  unary('KV', 'txn that fails', 'KV.Txn', {
    compare: [{ key: a, target: 'Create', result: 'Equal', create_revision: '0' }],
    success: [put(b)],
    failure: [{ request_delete_range: { key: c, prev_kv: true } }],
  }),
  unary('KV', 'txn with a key twice', 'KV.Txn', { success: [put(a), put(a)] }),
  unary('KV', 'deleterange', 'KV.DeleteRange', { key: b, prev_kv: true }),
  unary('KV', 'deleterange of nothing', 'KV.DeleteRange', { key: Buffer.from('/none') }),
  unary('KV', 'compaction of what is compacted', 'KV.Compact', { revision: '3' }),
  unary('KV', 'compaction of the future', 'KV.Compact', { revision: '9000000' }),
  raw('malformed', 'no protobuf', '/etcdserverpb.KV/Range', Buffer.alloc(20, 0xff)),
  raw('malformed', 'a field cut off', '/etcdserverpb.KV/Put', Buffer.from([0x0a, 0x7f, 0x01])),
  raw('malformed', 'two megabytes', '/etcdserverpb.KV/Put', Buffer.alloc(2_097_152 + 600_000)),
  raw('malformed', 'a method that is not there', '/etcdserverpb.KV/Nothing', Buffer.alloc(0)),
  raw('malformed', 'a service that is not there', '/etcdserverpb.Nothing/Range', Buffer.alloc(0)),
  unary('lease', 'grant', 'Lease.LeaseGrant', { ID: '888', TTL: '600' }),
  unary('lease', 'grant of one that is there', 'Lease.LeaseGrant', { ID: '888', TTL: '600' }),
  unary('lease', 'put with it', 'KV.Put', { key: b, value, lease: '888' }),
  unary('lease', 'timetolive', 'Lease.LeaseTimeToLive', { ID: '888', keys: true }),
  firstOf('lease', 'keepalive', 'Lease.LeaseKeepAlive', { ID: '888' }),
  firstOf('lease', 'keepalive of none', 'Lease.LeaseKeepAlive', { ID: '5' }),
  unary('lease', 'leases', 'Lease.LeaseLeases', {}),
  unary('lease', 'revoke', 'Lease.LeaseRevoke', { ID: '888' }),
  unary('lease', 'revoke of none', 'Lease.LeaseRevoke', { ID: '888' }),
  unary('cluster', 'member list', 'Cluster.MemberList', {}),
  unary('cluster', 'remove of no member', 'Cluster.MemberRemove', { ID: '5' }),
  unary('maintenance', 'status', 'Maintenance.Status', {}),
  unary('maintenance', 'alarms', 'Maintenance.Alarm', { action: 0 }),
  unary('maintenance', 'a leader that is not there', 'Maintenance.MoveLeader', { targetID: '5' }),
];

const serializable: readonly (readonly [string, object])[] = [
  ['everything', range],
  ['one key', { key: a }],
  ['a limit', { ...range, limit: 2 }],
  ['keys only, downwards', { ...range, keys_only: true, sort_order: 'Descend', sort_target: 'Mod' }],
  ['by value', { ...range, sort_order: 'Ascend', sort_target: 'Value' }],
  ['a count', { ...range, count_only: true }],
  ['changed since', { ...range, min_mod_revision: '6' }],
  ['created until', { ...range, max_create_revision: '6' }],
  ['a range that is empty', { key: end, range_end: all }],
  ['keys beyond what is followed', { key: Buffer.from('/'), range_end: Buffer.from('0') }],
];

export const grpcMirrorRows: readonly Row[] = serializable.map(([what, body]) => ({
  ...unary('serializable range', what, 'KV.Range', { ...body, serializable: true }),
  mirrored: true,
}));
