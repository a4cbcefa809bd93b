/**
 * The least that forwards: node:http with the options of the gateway's server, undici's dispatch, hop-by-hop fields dropped,
 * the upstream told of the client in X-Real-IP and X-Forwarded-*, the head held for the first piece of the body and written
 * together with it. No routing, no configuration, no time limits, no counters: what the gateway costs above this is its own.
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { serverOptions } from '../gateway/workers/traffic-server.ts';

const dropped = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const [listenPort, upstreamPort] = process.argv.slice(2).map(Number);
const pool = new Pool(`http://127.0.0.1:${upstreamPort}`, { connections: 128, headersTimeout: 0, bodyTimeout: 0 });

const port = String(listenPort);

function requestHeaders({ headers: { host = '' }, rawHeaders, socket }: IncomingMessage): string[] {
  const headers: string[] = [];
  const address = socket.remoteAddress ?? '';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!dropped.has(name.toLowerCase())) headers.push(name, rawHeaders[index + 1] ?? '');
  }
  headers.push('X-Real-IP', address, 'X-Forwarded-For', address, 'X-Forwarded-Proto', 'http');
  headers.push('X-Forwarded-Port', port, 'X-Forwarded-Host', host);
  return headers;
}

class Forward implements Dispatcher.DispatchHandler {
  readonly response: ServerResponse;
  status = 0;
  headers: string[] = [];
  held: Buffer | undefined;

  constructor(response: ServerResponse) {
    this.response = response;
  }

  onRequestStart(): void {}

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
    const raw = (controller.rawHeaders ?? []) as readonly Buffer[];
    for (let index = 0; index < raw.length; index += 2) {
      const name = String(raw[index]);
      if (!dropped.has(name.toLowerCase())) this.headers.push(name, String(raw[index + 1]));
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.held === undefined && !this.response.headersSent) {
      this.held = chunk;
      return;
    }
    if (!this.response.headersSent) this.response.writeHead(this.status, this.headers).write(this.held);
    if (this.response.write(chunk)) return;
    controller.pause();
    this.response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    if (this.response.headersSent) this.response.end();
    else this.response.writeHead(this.status, this.headers).end(this.held?.toString('latin1'), 'latin1');
  }

  onResponseError(): void {
    if (this.response.headersSent) this.response.destroy();
    else this.response.writeHead(502).end();
  }
}

const server = createServer(serverOptions, (request, response) => {
  const body = request.headers['content-length'] === undefined ? null : request;
  const method = request.method ?? 'GET';
  pool.dispatch({ path: request.url ?? '/', method, headers: requestHeaders(request), body }, new Forward(response));
});
server.listen(listenPort, '127.0.0.1');
