/** Reads settings of each sort from the environment, and says what is wrong with them. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Reader {
  optional(name: string): string | undefined;
  optionalAddress(name: string): Address | undefined;
  /** The content of the file that is named. */
  file(name: string): Buffer | undefined;
  text(name: string, byDefault: string): string;
  address(name: string, byDefault: string): Address;
  whole(name: string, byDefault: number, least: number, most: number): number;
  etcd(name: string, byDefault: string): URL;
  /** The members of one cluster, separated by commas. */
  etcds(name: string, byDefault: string): readonly URL[];
  server(name: string): string | undefined;
}

/** Reads one variable each; what it cannot read it tells in `mistakes`. */
export function settingsReader(env: NodeJS.ProcessEnv, mistakes: string[]): Reader {
  const text = (name: string, byDefault: string): string => env[name] ?? byDefault;
  const optional = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const address = (name: string, given: string): Address => {
    const { host = '', port = '' } = /^(?<host>.+):(?<port>\d{1,5})$/.exec(given)?.groups ?? {};
    if (host === '' || Number(port) > 65_535) mistakes.push(`${name} must be host:port, not "${given}"`);
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  };
  return {
    text,
    optional,
    address: (name, byDefault) => address(name, text(name, byDefault)),
    optionalAddress(name) {
      const given = optional(name);
      return given === undefined ? undefined : address(name, given);
    },
    file(name) {
      const file = optional(name);
      if (file === undefined) return undefined;
      try {
        return readFileSync(file);
      } catch (error) {
        mistakes.push(`${name}: cannot read "${file}": ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
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
    etcds: (name, byDefault) =>
      text(name, byDefault)
        .split(',')
        .map((each) => etcdUrl(name, each.trim(), byDefault, mistakes)),
    etcd: (name, byDefault) => etcdUrl(name, text(name, byDefault), byDefault, mistakes),
  };
}

function etcdUrl(name: string, given: string, byDefault: string, mistakes: string[]): URL {
  const url = URL.canParse(given) ? new URL(given) : new URL('nothing:');
  // Never shown as it was given: it may hold a password.
  if (url.username !== '' || url.password !== '') mistakes.push(`${name} must not hold a user or a password`);
  else if (!/^https?:$/.test(url.protocol)) {
    mistakes.push(`${name} must be an http:// or https:// address such as ${byDefault}`);
  }
  return url;
}
