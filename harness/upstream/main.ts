/**
 * The echo upstream: answers every request with its path, so that a client sees which version of a route sent it here
 * (test routes are rewritten to `/seq/<n>`). Counts what reached it: the witness behind the gateway.
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { answersCase, echoUpgrade } from './cases.ts';

const addressTaken = 3;
const address = process.env['UPSTREAM_LISTEN'];
if (address === undefined || !URL.canParse(address)) throw new Error('UPSTREAM_LISTEN must be an http:// address');
const { hostname, port } = new URL(address);

const seen = { requests: 0, connections: 0, open: 0 };
let last: { readonly line: string; readonly headers: readonly string[] } = { line: '', headers: [] };

function witness(request: IncomingMessage, response: ServerResponse): void {
  const page = request.url === '/_witness/last' ? last : seen;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
}

const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
  const target = request.url ?? '/';
  if (target.startsWith('/_witness')) {
    witness(request, response);
    return;
  }
  seen.requests++;
  last = { line: `${request.method} ${target} HTTP/${request.httpVersion}`, headers: request.rawHeaders };
  if (answersCase(request, response)) return;
  request.resume();
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(target) }).end(target);
});
server.on('upgrade', echoUpgrade);
server.on('connection', (socket) => {
  seen.connections++;
  seen.open++;
  socket.once('close', () => seen.open--);
});
server.once('error', (error) => {
  process.stderr.write(`cannot listen on ${address}: ${error.message}\n`);
  process.exit(addressTaken);
});
server.listen(Number(port), hostname);
// The harness holds the other end of stdin: when it is gone, so is the upstream.
process.stdin.resume().once('end', () => process.exit(0));
