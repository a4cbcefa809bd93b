/** A real etcd with a real etcd link in front, and raw gRPC clients for tests. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  type ClientDuplexStream,
  type ServiceClientConstructor,
  credentials,
  loadPackageDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Etcd3 } from 'etcd3';
import type { KeptByHeartbeat } from '../../harness/control/client.ts';
import { connectLink } from '../../harness/etcd-link/client.ts';
import { type LinkAddresses, linkWorkload } from '../../harness/etcd-link/workload.ts';
import type { EtcdLink } from '../../harness/model/etcd-link.ts';
import { type EtcdOptions, type TestEtcd, freePort, startEtcd } from './etcd.ts';

export interface LinkedEtcd extends AsyncDisposable {
  readonly etcd: TestEtcd;
  readonly link: EtcdLink & KeptByHeartbeat;
  readonly control: URL;
  /** Unary client past the link. */
  readonly direct: Etcd3;
  /** Unary client through the link. */
  readonly linked: Etcd3;
}

export interface LinkOptions {
  readonly heartbeatMs?: number;
  readonly etcd?: EtcdOptions;
  /** Of the link; `listen` is then https when it has a certificate. */
  readonly tls?: LinkAddresses['tls'];
}

export interface TestLink extends AsyncDisposable {
  readonly link: EtcdLink & KeptByHeartbeat;
  readonly control: URL;
}

/** For a test that has its hands full for longer than a harness may stand still. Milliseconds. */
const unhurriedMs = 60_000;

/** A link before an etcd that is there already. */
export async function startLink(
  upstream: URL,
  { heartbeatMs = unhurriedMs, tls }: LinkOptions = {},
): Promise<TestLink> {
  const listen = new URL(`http${tls?.cert === undefined ? '' : 's'}://127.0.0.1:${await freePort()}`);
  const control = new URL(`http://127.0.0.1:${await freePort()}`);
  const { command, args, env } = linkWorkload({ listen, control, upstreams: [upstream], ...(tls && { tls }) });
  const child = spawn(command, [...args], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, ...env, LINK_HEARTBEAT_MS: String(heartbeatMs) },
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const deadline = Date.now() + 60_000;
  while (
    !(await fetch(new URL('/counters', control)).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error('the etcd link did not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const link = connectLink(control, listen);
  return {
    link,
    control,
    async [Symbol.asyncDispose]() {
      link[Symbol.dispose]();
      child.kill('SIGKILL');
      await gone;
    },
  };
}

export async function startLinkedEtcd(options: LinkOptions = {}): Promise<LinkedEtcd> {
  const etcd = await startEtcd(options.etcd);
  const started = await startLink(etcd.url, options);
  const { link, control } = started;
  const [direct, linked] = [new Etcd3({ hosts: etcd.url.origin }), new Etcd3({ hosts: link.address.origin })];
  return {
    etcd,
    link,
    control,
    direct,
    linked,
    async [Symbol.asyncDispose]() {
      direct.close();
      linked.close();
      await started[Symbol.asyncDispose]();
      await etcd[Symbol.asyncDispose]();
    },
  };
}

export interface RawResponse {
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compact_revision: string;
  readonly header: { readonly revision: string };
  readonly events: readonly { readonly kv: { readonly key: Buffer; readonly mod_revision: string } }[];
}

/** A raw watch and everything it has received. */
export interface TestWatch extends Disposable {
  readonly created: number;
  /** Keys of the events, in order of arrival. */
  readonly keys: readonly string[];
  /** Revisions of the headers of messages with events. */
  readonly revisions: readonly number[];
  /** Up to which revisions etcd says that it has compacted, in cancellations. */
  readonly compacted: readonly number[];
  /** Code of the error or status that ended it; undefined while it lives. */
  readonly ended: number | undefined;
}

const protos = path.join(path.dirname(createRequire(import.meta.url).resolve('etcd3/package.json')), 'proto');
const definition = loadSync('rpc.proto', {
  includeDirs: [protos],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});
const { Watch } = loadPackageDefinition(definition)['etcdserverpb'] as unknown as { Watch: ServiceClientConstructor };

export function watchPrefix(address: URL, prefix: string, fromRevision = 0, options: object = {}): TestWatch {
  const client = new Watch(address.host, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    ...options,
  });
  const stream = (client as unknown as { Watch(): ClientDuplexStream<object, RawResponse> }).Watch();
  const state = {
    created: 0,
    keys: [] as string[],
    revisions: [] as number[],
    compacted: [] as number[],
    ended: undefined as number | undefined,
  };
  stream.on('data', (response) => {
    if (response.created) state.created++;
    if (response.canceled) state.compacted.push(Number(response.compact_revision));
    if (response.events.length > 0) state.revisions.push(Number(response.header.revision));
    for (const { kv } of response.events) state.keys.push(kv.key.toString());
  });
  stream.on('error', () => undefined);
  stream.on('status', ({ code }: { code: number }) => (state.ended = code));
  const end = `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;
  stream.write({
    create_request: { key: Buffer.from(prefix), range_end: Buffer.from(end), start_revision: fromRevision },
  });
  return Object.assign(state, {
    [Symbol.dispose]() {
      stream.cancel();
      client.close();
    },
  });
}
