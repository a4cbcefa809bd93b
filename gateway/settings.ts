/** Settings of the gateway, from the environment. All mistakes are reported at once. */
import { BadItem } from './config/bad-item.ts';
import { type Keyring, keyBytes } from './config/keyring.ts';
import type { EtcdAccess } from './etcd/access.ts';
import { addressMatcher } from './routing/condition.ts';
import { type Address, type Reader, settingsReader } from './settings-reader.ts';

export interface Settings {
  readonly listen: Address;
  readonly status: Address;
  readonly etcd: EtcdAccess;
  /** Where HTTPS is served, with the certificates of `ssls`; undefined: nowhere. */
  readonly tlsListen: Address | undefined;
  /** Where the Admin API is served; undefined: nowhere. */
  readonly admin: { readonly address: Address; readonly key: string } | undefined;
  /** Path of a static configuration that is asked before etcd's; undefined: none. */
  readonly staticConfig: string | undefined;
  /** Without a trailing slash. */
  readonly prefix: string;
  readonly workers: number;
  readonly watchTimeoutMs: number;
  /** A worker that is told to go leaves its requests and WebSockets so long. */
  readonly drainMs: number;
  /** A client that is sending a body may pause so long. */
  readonly bodyTimeoutMs: number;
  /** Where this gateway stands; upstream nodes of the same room are preferred. Undefined: none is. */
  readonly room: string | undefined;
  /** `address:port` of the DNS server; undefined: those of the system. */
  readonly dns: string | undefined;
  /** Addresses and networks whose `X-Forwarded-*` are believed. */
  readonly trustedAddresses: readonly string[];
  /** Open what APISIX has encrypted in etcd. */
  readonly keyring: Keyring;
  /** Names, some with a dose, such as `rare-404=0.01`; whether they exist is looked up where they are loaded. */
  readonly mutants: readonly string[];
  readonly logLevel: string;
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
/** Below, a watch is closed before it is open; above, a timer of Node fires at once. Milliseconds. */
const watchTimeout = { least: 100, most: 2 ** 31 - 1 };
const bodyTimeout = { least: 100, most: 2 ** 31 - 1 };
/** A day. Milliseconds. */
const mostDrain = 86_400_000;
const mostWorkers = 1_024;
/** A shorter key could be guessed. Characters. */
const leastKey = 16;

/** APISIX's own, with which it encrypts as long as nobody gives it others. */
const keyringByDefault = 'qeddd145sfvddff3,edd1c9f0985e76a2';

/** The settings, or every mistake as a sentence. */
export function readSettings(env: NodeJS.ProcessEnv): Settings | readonly string[] {
  const mistakes: string[] = [];
  const read = settingsReader(env, mistakes);
  const settings: Settings = {
    listen: read.address('GATEWAY_LISTEN', '127.0.0.1:9080'),
    status: read.address('GATEWAY_STATUS', '127.0.0.1:9180'),
    etcd: etcdAccess(read),
    tlsListen: read.optionalAddress('GATEWAY_TLS_LISTEN'),
    admin: adminSettings(read, mistakes),
    staticConfig: read.optional('GATEWAY_STATIC_CONFIG'),
    prefix: read.text('GATEWAY_PREFIX', '/apisix'),
    workers: read.whole('GATEWAY_WORKERS', 2, 1, mostWorkers),
    watchTimeoutMs: read.whole('GATEWAY_WATCH_TIMEOUT_MS', 50_000, watchTimeout.least, watchTimeout.most),
    drainMs: read.whole('GATEWAY_DRAIN_MS', 240_000, 0, mostDrain),
    bodyTimeoutMs: read.whole('GATEWAY_BODY_TIMEOUT_MS', 60_000, bodyTimeout.least, bodyTimeout.most),
    room: read.optional('GATEWAY_ROOM'),
    dns: read.server('GATEWAY_DNS'),
    trustedAddresses: networks(read, 'GATEWAY_TRUSTED_ADDRESSES', mistakes),
    keyring: listed(read, 'GATEWAY_KEYRING', keyringByDefault),
    mutants: namedMutants(env),
    logLevel: read.text('GATEWAY_LOG', 'info'),
  };
  if (!/^\/.*[^/]$/.test(settings.prefix)) {
    mistakes.push(`GATEWAY_PREFIX must begin with a slash and not end with one, not "${settings.prefix}"`);
  }
  if (settings.keyring.some((key) => Buffer.byteLength(key) !== keyBytes)) {
    mistakes.push(`GATEWAY_KEYRING must be keys of ${keyBytes} bytes, separated by commas`);
  }
  if (!levels.includes(settings.logLevel)) {
    mistakes.push(`GATEWAY_LOG must be one of ${levels.join(', ')}, not "${settings.logLevel}"`);
  }
  return mistakes.length > 0 ? mistakes : settings;
}

/** Known by themselves, so that they can be looked up also when other settings are wrong. */
export function namedMutants(env: NodeJS.ProcessEnv): readonly string[] {
  return listed(settingsReader(env, []), 'GATEWAY_MUTANTS', '');
}

/** Separated by commas. */
function listed(read: Reader, name: string, byDefault: string): readonly string[] {
  const all = read.text(name, byDefault).split(',');
  return all.map((each) => each.trim()).filter((each) => each !== '');
}

/** Addresses and networks, separated by commas. */
function networks(read: Reader, name: string, mistakes: string[]): readonly string[] {
  const all = listed(read, name, '');
  try {
    addressMatcher(all);
  } catch (error) {
    if (!(error instanceof BadItem)) throw error;
    mistakes.push(`${name}: ${error.message}`);
  }
  return all;
}

/** The key has no default: whoever knows it may route all traffic elsewhere. */
function adminSettings(read: Reader, mistakes: string[]): Settings['admin'] {
  const address = read.optionalAddress('GATEWAY_ADMIN');
  const key = read.optional('GATEWAY_ADMIN_KEY');
  if (address === undefined) return undefined;
  if (key === undefined || key.length < leastKey) {
    mistakes.push(`GATEWAY_ADMIN needs GATEWAY_ADMIN_KEY, of at least ${leastKey} characters`);
    return undefined;
  }
  return { address, key };
}

function etcdAccess(read: Reader): EtcdAccess {
  return {
    url: read.etcd('GATEWAY_ETCD', 'http://127.0.0.1:2379'),
    ca: read.file('GATEWAY_ETCD_CA'),
    clientCert: read.file('GATEWAY_ETCD_CERT'),
    clientKey: read.file('GATEWAY_ETCD_KEY'),
    user: read.optional('GATEWAY_ETCD_USER'),
    password: read.optional('GATEWAY_ETCD_PASSWORD'),
  };
}
