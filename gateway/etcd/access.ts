/** Where etcd is and how one gets in. */
import type { IOptions } from 'etcd3';
import { noop } from 'cockatiel';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';

export interface EtcdAccess {
  /** `http:` or `https:`. */
  readonly url: URL;
  /** PEM. */
  readonly ca: Buffer | undefined;
  readonly clientCert: Buffer | undefined;
  readonly clientKey: Buffer | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** A unary call that takes longer has failed. */
const callTimeoutMs = 10_000;
/** A dead connection is noticed within 8 s; etcd refuses clients that ping more often than every 5 s. */
export const channelOptions = {
  'grpc.keepalive_time_ms': 6_000,
  'grpc.keepalive_timeout_ms': 2_000,
  'grpc.max_receive_message_length': -1,
  // grpc-js waits up to two minutes between attempts by itself: configuration must come back with etcd.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
} as const;

/** `host:port` for gRPC, which without a port would try that of https. */
export function hostOf({ url }: EtcdAccess): string {
  return url.port === '' ? `${url.hostname}:${url.protocol === 'https:' ? 443 : 80}` : url.host;
}

export function channelCredentials({ url, ca, clientCert, clientKey }: EtcdAccess): ChannelCredentials {
  if (url.protocol !== 'https:') return credentials.createInsecure();
  return credentials.createSsl(ca ?? null, clientKey ?? null, clientCert ?? null);
}

/** Options of npm `etcd3` for unary calls. */
export function unaryOptions(access: EtcdAccess): IOptions {
  const { url, ca, clientCert, clientKey, user, password } = access;
  const secure = url.protocol === 'https:';
  return {
    hosts: `${url.protocol}//${hostOf(access)}`,
    grpcOptions: channelOptions,
    defaultCallOptions: () => ({ deadline: Date.now() + callTimeoutMs }),
    // The caller decides when to try again. By default etcd3 does too, and after three failures refuses for 5 s: an etcd
    // that has come back would be left waiting, and a write of unknown outcome would be sent again.
    faultHandling: { host: () => noop, global: noop },
    ...(secure ? { credentials: tlsOptions(ca, clientCert, clientKey) } : {}),
    ...(user === undefined ? {} : { auth: { username: user, password: password ?? '' } }),
  };
}

function tlsOptions(ca?: Buffer, certChain?: Buffer, privateKey?: Buffer): NonNullable<IOptions['credentials']> {
  return {
    // Undefined means the roots that Node brings along, which the type does not say.
    rootCertificate: ca as Buffer,
    ...(certChain === undefined || privateKey === undefined ? {} : { certChain, privateKey }),
  };
}
