/** What a call to etcd is, by its path: gRPC's `/etcdserverpb.KV/Range`, the JSON gateway's `/v3/kv/range`. */

export type Method = 'watch' | 'range' | 'write' | 'auth' | 'lease' | 'other';

const services: readonly (readonly [RegExp, Method])[] = [
  [/^(?:\/etcdserverpb\.Watch\/Watch|\/v3\w*\/watch)$/, 'watch'],
  [/^(?:\/etcdserverpb\.KV\/Range|\/v3\w*\/kv\/range)$/, 'range'],
  [/^(?:\/etcdserverpb\.KV\/(?:Put|Txn|DeleteRange)|\/v3\w*\/kv\/(?:put|txn|deleterange))$/, 'write'],
  [/^\/(?:etcdserverpb\.Auth|v3\w*\/auth)\//, 'auth'],
  [/^\/(?:etcdserverpb\.Lease|v3\w*\/(?:kv\/)?lease)\//, 'lease'],
];

export function methodOf(path: string): Method {
  const bare = path.split('?', 1)[0] ?? '';
  return services.find(([pattern]) => pattern.test(bare))?.[1] ?? 'other';
}
