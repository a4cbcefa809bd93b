/** Who is at the other end of a connection, and how it came: looked up once, as all its requests have it in common. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

export interface Peer {
  /** Without the IPv4-mapped form of IPv6 sockets; empty when it had gone before anybody asked. */
  readonly address: string;
  readonly scheme: 'http' | 'https';
  /** Of the listener that took the connection. */
  readonly port: string;
  /** Whether it is believed how its own clients came. */
  readonly trusted: boolean;
  /** Whether the addresses that it names before its own are passed on. */
  readonly keepsChain: boolean;
}

/** Whether an address is trusted; undefined where nobody has said which ones are. */
export type Trust = ((address: string) => boolean) | undefined;

const peer = Symbol('peer');

interface KnownSocket extends Socket {
  [peer]?: Peer;
}

export function peerOf(socket: Socket, trusts: Trust): Peer {
  const known: KnownSocket = socket;
  return (known[peer] ??= seenOn(socket, trusts));
}

function seenOn(socket: Socket, trusts: Trust): Peer {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const trusted = trusts?.(address) ?? false;
  return {
    address,
    scheme: (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http',
    port: String(socket.localPort ?? ''),
    trusted,
    // Where nobody is trusted by name, all are as far as the chain goes: it is for the upstream to judge.
    keepsChain: trusts === undefined || trusted,
  };
}
