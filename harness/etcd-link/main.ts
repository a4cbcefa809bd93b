/** The etcd link as a process: where the gateway connects, where it is controlled, and the etcd behind it. */
import { readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { Board } from './board.ts';
import { Certificates } from './certificates.ts';
import { Connection } from './connection.ts';
import { createControl } from './control.ts';
import { dialEtcd } from './dial.ts';
import type { Origin } from './strike.ts';

const addressTaken = 3;

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

/** A certificate with its key, both named by settings; undefined when there is none. */
function certificate(cert: string, key: string): SecureContextOptions | undefined {
  const pem = file(cert);
  return pem === undefined ? undefined : { cert: pem, key: file(key) };
}

const board = new Board();
const members = setting('LINK_UPSTREAM').split(',');
const [ca, cert, key] = [file('LINK_UPSTREAM_CA'), file('LINK_UPSTREAM_CERT'), file('LINK_UPSTREAM_KEY')];
const dial = dialEtcd(
  members.map((member) => new URL(member)),
  { ca, cert, key },
);
const certificates = new Certificates({
  own: certificate('LINK_CERT', 'LINK_KEY'),
  expired: certificate('LINK_EXPIRED_CERT', 'LINK_EXPIRED_KEY'),
});
const serverFor = (gateway: Origin['gateway']): Server =>
  createServer({ allowHalfOpen: true }, (socket) => {
    board.open(new Connection(certificates.open(socket), socket, dial, board, gateway));
  });
listen(serverFor('first'), new URL(setting('LINK_LISTEN')));
const further = process.env['LINK_FURTHER'];
if (further !== undefined) listen(serverFor('further'), new URL(further));
listen(createControl(board, certificates, Number(setting('LINK_HEARTBEAT_MS'))), new URL(setting('LINK_CONTROL')));
// The harness holds the other end of stdin: when it is gone, so is the link.
process.stdin.resume().once('end', () => process.exit(0));
