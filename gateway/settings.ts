/** Settings of the gateway, from the environment. All mistakes are reported at once. */
import { isIP } from 'node:net';
import { closest } from 'fastest-levenshtein';
import { mutantNames } from './mutants/index.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Settings {
  readonly listen: Address;
  readonly status: Address;
  readonly etcd: URL;
  /** Without a trailing slash. */
  readonly prefix: string;
  readonly workers: number;
  readonly watchTimeoutMs: number;
  /** Where this gateway stands; upstream nodes of the same room are preferred. Undefined: none is. */
  readonly room: string | undefined;
  /** `address:port` of the DNS server; undefined: those of the system. */
  readonly dns: string | undefined;
  readonly mutants: readonly string[];
  readonly logLevel: string;
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
/** Below, a watch is closed before it is open; above, a timer of Node fires at once. Milliseconds. */
const watchTimeout = { least: 100, most: 2 ** 31 - 1 };
const mostWorkers = 1_024;

/** The settings, or every mistake as a sentence. */
export function readSettings(env: NodeJS.ProcessEnv): Settings | readonly string[] {
  const mistakes: string[] = [];
  const read = reader(env, mistakes);
  const settings: Settings = {
    listen: read.address('GATEWAY_LISTEN', '127.0.0.1:9080'),
    status: read.address('GATEWAY_STATUS', '127.0.0.1:9180'),
    etcd: read.etcd('GATEWAY_ETCD', 'http://127.0.0.1:2379'),
    prefix: read.text('GATEWAY_PREFIX', '/apisix'),
    workers: read.whole('GATEWAY_WORKERS', 2, 1, mostWorkers),
    watchTimeoutMs: read.whole('GATEWAY_WATCH_TIMEOUT_MS', 50_000, watchTimeout.least, watchTimeout.most),
    room: read.text('GATEWAY_ROOM', '') || undefined,
    dns: read.server('GATEWAY_DNS'),
    mutants: read
      .text('GATEWAY_MUTANTS', '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    logLevel: read.text('GATEWAY_LOG', 'info'),
  };
  if (!/^\/.*[^/]$/.test(settings.prefix)) {
    mistakes.push(`GATEWAY_PREFIX must begin with a slash and not end with one, not "${settings.prefix}"`);
  }
  if (!levels.includes(settings.logLevel)) {
    mistakes.push(`GATEWAY_LOG must be one of ${levels.join(', ')}, not "${settings.logLevel}"`);
  }
  for (const name of settings.mutants.filter((mutant) => !mutantNames.includes(mutant))) {
    mistakes.push(`GATEWAY_MUTANTS: unknown "${name}"; did you mean "${closest(name, mutantNames)}"?`);
  }
  return mistakes.length > 0 ? mistakes : settings;
}

interface Reader {
  text(name: string, byDefault: string): string;
  address(name: string, byDefault: string): Address;
  whole(name: string, byDefault: number, least: number, most: number): number;
  etcd(name: string, byDefault: string): URL;
  server(name: string): string | undefined;
}

/** Reads one variable each; what it cannot read it tells in `mistakes`. */
function reader(env: NodeJS.ProcessEnv, mistakes: string[]): Reader {
  const text = (name: string, byDefault: string): string => env[name] ?? byDefault;
  return {
    text,
    address(name, byDefault) {
      const given = text(name, byDefault);
      const { host = '', port = '' } = /^(?<host>.+):(?<port>\d{1,5})$/.exec(given)?.groups ?? {};
      if (host === '' || Number(port) > 65_535) mistakes.push(`${name} must be host:port, not "${given}"`);
      return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
    },
    whole(name, byDefault, least, most) {
      const given = text(name, String(byDefault));
      const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
      if (!(value >= least && value <= most)) {
        mistakes.push(`${name} must be a whole number from ${least} to ${most}, not "${given}"`);
      }
      return value;
    },
    server(name) {
      const given = text(name, '');
      if (given === '') return undefined;
      const { host = '', port = '' } = /^\[?(?<host>[^[\]]+)\]?:(?<port>\d{1,5})$/.exec(given)?.groups ?? {};
      // A name of the server that finds names could not be found.
      const usable = isIP(host) !== 0 && Number(port) > 0 && Number(port) <= 65_535;
      if (!usable) mistakes.push(`${name} must be the address and port of a DNS server, not "${given}"`);
      return given;
    },
    etcd(name, byDefault) {
      const given = text(name, byDefault);
      const url = URL.canParse(given) ? new URL(given) : new URL('nothing:');
      // Never shown as it was given: it may hold a password.
      if (url.username !== '' || url.password !== '') mistakes.push(`${name} must not hold a user or a password`);
      else if (url.protocol !== 'http:') mistakes.push(`${name} must be an http:// address such as ${byDefault}`);
      return url;
    },
  };
}
