/**
 * etcd takes the common name of a certificate for the user of whoever shows no token (`--client-cert-auth`). Between the proxy
 * and etcd that is the proxy's certificate: whoever shows nothing would be the proxy. So what is asked in the name of a client
 * bears the mark by which etcd's own JSON gateway says that a certificate is not that of the client.
 */
import type { EtcdAccess } from '../../etcd/access.ts';

const mark = { 'grpcgateway-accept': '*/*' };

/** Metadata to add; none where the proxy shows no certificate. */
export function marksOf({ clientCert }: EtcdAccess): Readonly<Record<string, string>> {
  return clientCert === undefined ? {} : mark;
}
