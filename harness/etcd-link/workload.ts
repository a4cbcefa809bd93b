/** How the etcd link is run. */
import { entryBeside } from '../model/entry.ts';
import { ownImages } from '../model/images.ts';
import type { Workload } from '../model/ports.ts';

/** Without a sign of life from the harness for this long, the link heals itself. Milliseconds. */
const heartbeatMs = 3_000;

export interface LinkAddresses {
  /** Where gateways connect; they do so over TLS when there is a certificate. */
  readonly listen: URL;
  readonly control: URL;
  /** Where gateways connect that join, when faults are aimed at them or past them. */
  readonly further?: URL | undefined;
  /** The members of etcd, by https when they want TLS. A connection goes to one that takes it. */
  readonly upstreams: readonly URL[];
  /** Files in PEM: for gateways, and towards etcd. */
  readonly tls?: LinkTls | undefined;
}

export interface LinkTls {
  readonly cert?: string;
  readonly key?: string;
  /** Shown while the fault of an expired certificate holds. */
  readonly expired?: { readonly cert: string; readonly key: string };
  readonly upstreamCa?: string;
  readonly upstreamCert?: string;
  readonly upstreamKey?: string;
}

export function linkWorkload({ listen, control, further, upstreams, tls = {} }: LinkAddresses): Workload {
  const files = {
    LINK_CERT: tls.cert,
    LINK_KEY: tls.key,
    LINK_EXPIRED_CERT: tls.expired?.cert,
    LINK_EXPIRED_KEY: tls.expired?.key,
    LINK_UPSTREAM_CA: tls.upstreamCa,
    LINK_UPSTREAM_CERT: tls.upstreamCert,
    LINK_UPSTREAM_KEY: tls.upstreamKey,
  };
  const given = Object.entries(files).flatMap(([name, file]) => (file === undefined ? [] : [[name, file] as const]));
  return {
    name: 'etcd-link',
    command: process.execPath,
    args: [entryBeside(import.meta.url, 'main')],
    env: {
      LINK_LISTEN: listen.origin,
      LINK_CONTROL: control.origin,
      ...(further === undefined ? {} : { LINK_FURTHER: further.origin }),
      LINK_UPSTREAM: upstreams.map(({ origin }) => origin).join(),
      LINK_HEARTBEAT_MS: String(heartbeatMs),
      ...Object.fromEntries(given),
    },
    image: {
      name: ownImages.parts,
      args: ['harness/etcd-link/main.ts'],
      mounts: given.map(([, file]) => file),
    },
  };
}
