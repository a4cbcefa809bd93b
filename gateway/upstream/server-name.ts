/** The name of a server for TLS (SNI, RFC 6066 §3): a Host without its port, when it is a name and no address. */
import { isIP } from 'node:net';

export function serverNameOf(host: string): string | undefined {
  const name = host.replace(/:\d*$/, '').toLowerCase();
  return name === '' || name.startsWith('[') || isIP(name) !== 0 ? undefined : name;
}
