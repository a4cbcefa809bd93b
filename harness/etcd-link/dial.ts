/** Connections from the link to etcd. */
import { type Socket, connect } from 'node:net';
import {
  type ConnectionOptions,
  type SecureContextOptions,
  connect as connectTls,
  createSecureContext,
} from 'node:tls';
import type { Protocol } from './board.ts';

/** By name in the handshake; etcd chooses its handler by it. */
export const alpn = { grpc: 'h2', json: 'http/1.1' } as const;

/** `opened` is told of the connection before anything has come over it: it need not be there yet, and may never be. */
export type DialEtcd = (protocol: Protocol, opened: (etcd: Socket) => void) => void;

type DialMember = (protocol: Protocol) => Socket;

/**
 * One address is dialled and handed over at once. Of several members each connection begins with the one after that of the
 * connection before it, and goes to the next where it is refused: as through a balancer of TCP, or as by a client that
 * knows all members. A member that takes a connection has it, whether it answers or not.
 */
export function dialEtcd(members: readonly URL[], tls: SecureContextOptions): DialEtcd {
  const dials = members.map((member) => dialMember(member, tls));
  let turn = 0;
  return (protocol, opened) => {
    const first = turn++;
    const order = dials.map((_dial, index) => dials[(first + index) % dials.length]);
    attempt(
      order.flatMap((dial) => (dial === undefined ? [] : [dial])),
      protocol,
      opened,
    );
  };
}

function attempt([dial, ...others]: readonly DialMember[], protocol: Protocol, opened: (etcd: Socket) => void): void {
  if (dial === undefined) throw new RangeError('etcd has at least one member');
  const socket = dial(protocol);
  // Whoever is last is handed over as it is: that it is refused, too, is for the connection to tell.
  if (others.length === 0) {
    opened(socket);
    return;
  }
  const refused = (): void => attempt(others, protocol, opened);
  socket.once('error', refused);
  socket.once('connect', () => {
    socket.off('error', refused);
    opened(socket);
  });
}

/** Plain or over TLS, as the address says. A certificate and key are shown when there are any. */
function dialMember(member: URL, tls: SecureContextOptions): DialMember {
  const [host, port] = [member.hostname, Number(member.port)];
  if (member.protocol === 'http:') return () => connect({ host, port, allowHalfOpen: true });
  const options: ConnectionOptions = { host, port, secureContext: createSecureContext(tls) };
  return (protocol) => connectTls({ ...options, ALPNProtocols: [alpn[protocol]] });
}
