/** The etcd link as a process: where the gateway connects, where it is controlled, and the etcd behind it. */
import { readFileSync } from 'node:fs';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { TLSSocket, connect as connectTls, createSecureContext } from 'node:tls';
import { Board } from './board.ts';
import { Connection, type DialEtcd } from './connection.ts';
import { createControl } from './control.ts';

const addressTaken = 3;
/** By name in the handshake; etcd chooses its handler by it. */
const alpn = { grpc: 'h2', json: 'http/1.1' } as const;

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function file(name: string): string | undefined {
  const path = process.env[name];
  return path === undefined ? undefined : readFileSync(path, 'utf8');
}

function listen(server: Server, address: URL): void {
  server.once('error', (error) => {
    process.stderr.write(`cannot listen on ${address.host}: ${error.message}\n`);
    process.exit(addressTaken);
  });
  server.listen(Number(address.port), address.hostname);
}

/** Plain or over TLS, as the address of etcd says. A certificate and key are shown when there are any. */
function dialTo(upstream: URL): DialEtcd {
  const [host, port] = [upstream.hostname, Number(upstream.port)];
  if (upstream.protocol === 'http:') return () => connect({ host, port, allowHalfOpen: true });
  const [ca, cert, key] = [file('LINK_UPSTREAM_CA'), file('LINK_UPSTREAM_CERT'), file('LINK_UPSTREAM_KEY')];
  const secureContext = createSecureContext({ ca, cert, key });
  return (protocol) => connectTls({ host, port, secureContext, ALPNProtocols: [alpn[protocol]] });
}

/** What a gateway's connection is made of: itself, or TLS when the link has a certificate. */
function openedBy(): (socket: Socket) => Socket {
  const [cert, key] = [file('LINK_CERT'), file('LINK_KEY')];
  if (cert === undefined) return (socket) => socket;
  const secureContext = createSecureContext({ cert, key });
  return (socket) => new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: Object.values(alpn) });
}

const board = new Board();
const dial = dialTo(new URL(setting('LINK_UPSTREAM')));
const open = openedBy();
const server = createServer({ allowHalfOpen: true }, (socket) => {
  board.open(new Connection(open(socket), socket, dial, board));
});
listen(server, new URL(setting('LINK_LISTEN')));
listen(createControl(board, Number(setting('LINK_HEARTBEAT_MS'))), new URL(setting('LINK_CONTROL')));
// The harness holds the other end of stdin: when it is gone, so is the link.
process.stdin.resume().once('end', () => process.exit(0));
