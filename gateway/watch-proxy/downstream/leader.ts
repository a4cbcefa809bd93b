/** What becomes of a watch stream while etcd has no leader, for clients that want to know (`WithRequireLeader` of etcd's own). */

/** In the words of etcd. */
export const noLeader = 'etcdserver: no leader';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Over JSON what is meant for gRPC has a prefix, as at etcd's own gateway. */
export function wantsLeader(headers: Headers): boolean {
  return (headers['hasleader'] ?? headers['grpc-metadata-hasleader']) === 'true';
}
