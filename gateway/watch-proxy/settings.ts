/** Settings of the watch proxy, from the environment. All mistakes are reported at once. */
import { getDefaultHighWaterMark } from 'node:stream';
import type { EtcdAccess } from '../etcd/access.ts';
import { type Address, type Reader, settingsReader } from '../settings-reader.ts';
import type { ListenerTls } from './downstream/listener.ts';
import type { RingLimits } from './feed/ring.ts';

export interface Settings {
  readonly listen: Address;
  readonly status: Address;
  /** The members of one cluster. */
  readonly etcd: readonly EtcdAccess[];
  readonly tls: ListenerTls | undefined;
  /** Followed from the start, whether watched or not. */
  readonly prefixes: readonly string[];
  /** Of each watched range. */
  readonly ring: RingLimits;
  /** Bytes that may wait for one client. */
  readonly bufferBytes: number;
  readonly progressMs: number;
  readonly drainMs: number;
  readonly logLevel: string;
}

const gigabyte = 2 ** 30;
/** With less, Node never tells that a client takes again: no stream of it holds back before that. Bytes. */
const leastBuffer = getDefaultHighWaterMark(false);

/** The settings, or every mistake as a sentence. */
export function readSettings(env: NodeJS.ProcessEnv): Settings | readonly string[] {
  const mistakes: string[] = [];
  const read = settingsReader(env, mistakes);
  const settings: Settings = {
    listen: read.address('WATCH_PROXY_LISTEN', '127.0.0.1:2378'),
    status: read.address('WATCH_PROXY_STATUS', '127.0.0.1:9182'),
    etcd: etcdMembers(read),
    tls: tlsOf(read, mistakes),
    prefixes: listOf(read.text('WATCH_PROXY_PREFIXES', '')),
    ring: {
      events: read.whole('WATCH_PROXY_RING_EVENTS', 10_000, 1, 10_000_000),
      bytes: read.whole('WATCH_PROXY_RING_BYTES', 67_108_864, 1_024, 64 * gigabyte),
    },
    bufferBytes: read.whole('WATCH_PROXY_BUFFER_BYTES', 262_144, leastBuffer, gigabyte),
    progressMs: read.whole('WATCH_PROXY_PROGRESS_MS', 30_000, 100, 86_400_000),
    drainMs: read.whole('WATCH_PROXY_DRAIN_MS', 5_000, 0, 600_000),
    logLevel: read.text('WATCH_PROXY_LOG', 'info'),
  };
  return mistakes.length > 0 ? mistakes : settings;
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function etcdMembers(read: Reader): readonly EtcdAccess[] {
  const way = {
    ca: read.file('WATCH_PROXY_ETCD_CA'),
    clientCert: read.file('WATCH_PROXY_ETCD_CERT'),
    clientKey: read.file('WATCH_PROXY_ETCD_KEY'),
    user: read.optional('WATCH_PROXY_ETCD_USER'),
    password: read.optional('WATCH_PROXY_ETCD_PASSWORD'),
  };
  return read.etcds('WATCH_PROXY_ETCD', 'http://127.0.0.1:2379').map((url) => ({ url, ...way }));
}

function tlsOf(read: Reader, mistakes: string[]): ListenerTls | undefined {
  const [cert, key] = [read.file('WATCH_PROXY_CERT'), read.file('WATCH_PROXY_KEY')];
  const clientCa = read.file('WATCH_PROXY_CLIENT_CA');
  if (cert !== undefined && key !== undefined) return { cert, key, clientCa };
  if (cert !== undefined || key !== undefined || clientCa !== undefined) {
    mistakes.push('TLS needs both WATCH_PROXY_CERT and WATCH_PROXY_KEY');
  }
  return undefined;
}
