/** Settings of the gateway, from the environment. All mistakes are reported at once. */
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
  readonly mutants: readonly string[];
  readonly logLevel: string;
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** The settings, or every mistake as a sentence. */
export function readSettings(env: NodeJS.ProcessEnv): Settings | readonly string[] {
  const mistakes: string[] = [];
  const text = (name: string, byDefault: string): string => env[name] ?? byDefault;
  const address = (name: string, byDefault: string): Address => {
    const match = /^(?<host>.+):(?<port>\d{1,5})$/.exec(text(name, byDefault));
    const port = Number(match?.groups?.['port']);
    if (match === null || port > 65_535) mistakes.push(`${name} must be host:port, not "${text(name, byDefault)}"`);
    return { host: match?.groups?.['host'] ?? '', port };
  };
  const whole = (name: string, byDefault: number): number => {
    const value = Number(text(name, String(byDefault)));
    if (!Number.isInteger(value) || value < 1)
      mistakes.push(`${name} must be a whole number above 0, not "${env[name]}"`);
    return value;
  };
  const settings: Settings = {
    listen: address('GATEWAY_LISTEN', '127.0.0.1:9080'),
    status: address('GATEWAY_STATUS', '127.0.0.1:9180'),
    etcd: url('GATEWAY_ETCD', text('GATEWAY_ETCD', 'http://127.0.0.1:2379'), mistakes),
    prefix: text('GATEWAY_PREFIX', '/apisix'),
    workers: whole('GATEWAY_WORKERS', 1),
    watchTimeoutMs: whole('GATEWAY_WATCH_TIMEOUT_MS', 50_000),
    mutants: text('GATEWAY_MUTANTS', '')
      .split(',')
      .filter((name) => name !== ''),
    logLevel: text('GATEWAY_LOG', 'info'),
  };
  if (!/^\/.*[^/]$/.test(settings.prefix)) mistakes.push('GATEWAY_PREFIX must begin with a slash and not end with one');
  if (!levels.includes(settings.logLevel)) mistakes.push(`GATEWAY_LOG must be one of ${levels.join(', ')}`);
  for (const name of settings.mutants.filter((mutant) => !mutantNames.includes(mutant))) {
    mistakes.push(`GATEWAY_MUTANTS: unknown "${name}"; known: ${mutantNames.join(', ')}`);
  }
  return mistakes.length > 0 ? mistakes : settings;
}

function url(name: string, text: string, mistakes: string[]): URL {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed?.protocol === 'http:') return parsed;
  mistakes.push(`${name} must be an http:// address, not "${text}"`);
  return new URL('http://127.0.0.1:2379');
}
