/** The etcd link as a process: where the gateway connects, where it is controlled, and the etcd behind it. */
import type { Server } from 'node:net';
import { createControl } from './control.ts';
import { createGrpcProxy } from './grpc-proxy.ts';
import { Switchboard } from './switchboard.ts';

const addressTaken = 3;

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function listen(server: Server, address: URL): void {
  server.once('error', (error) => {
    process.stderr.write(`cannot listen on ${address.host}: ${error.message}\n`);
    process.exit(addressTaken);
  });
  server.listen(Number(address.port), address.hostname);
}

const board = new Switchboard();
listen(createGrpcProxy(new URL(setting('LINK_UPSTREAM')), board), new URL(setting('LINK_LISTEN')));
listen(createControl(board, Number(setting('LINK_HEARTBEAT_MS'))), new URL(setting('LINK_CONTROL')));
// The harness holds the other end of stdin: when it is gone, so is the link.
process.stdin.resume().once('end', () => process.exit(0));
