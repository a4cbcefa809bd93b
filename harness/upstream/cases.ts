/**
 * What the echo upstream does with requests that bear `X-Case`: it tells the client what reached it, byte for byte, and
 * behaves as the case says.
 */
import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

type Case = (seen: Seen, response: ServerResponse) => void | Promise<void>;

interface Seen {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** Parts of a streaming answer come this far apart. Milliseconds. */
const betweenParts = 150;
/** Well beyond a time-out of half a second, which may be a second coarse. */
const lateMs = 2_500;
/** More than a read of a socket brings. */
const large = 'a line of a large answer\n'.repeat(4_000);
/** A probe that came this long ago was not the last one. Milliseconds. */
const recentMs = 3_500;

/** Requests on each connection, arrivals of each request by its id, and when each health check was last asked. */
const requestsOn = new WeakMap<Socket, number>();
const arrivals = new Map<string, number>();
const probes = new Map<string, number>();

const cases: Readonly<Record<string, Case>> = {
  echo: (seen, response) => void response.end(toldOf(seen)),
  empty: (_, response) => void response.writeHead(204).end(),
  length: (_, response) => void response.writeHead(200, { 'content-length': 5 }).end('12345'),
  'not-modified': (_, response) => void response.writeHead(304, { etag: '"1"' }).end(),
  /** The head and the body of odd answers. */
  odd: (_, response) => void response.writeHead(299, 'Quite Odd', ['X-Odd', '\u00e9', 'x-odd', '']).end('odd'),
  cookies: (_, response) => void response.writeHead(200, { 'set-cookie': ['a=1; Path=/', 'b=2; Secure'] }).end('sweet'),
  encoded: (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')),
  large: (_, response) => void response.end(large),
  /** How much came of a body, and which. */
  size({ body }, response) {
    response.end(`${body.length} bytes, ${hash('sha256', Buffer.from(body, 'latin1')).slice(0, 16)}\n`);
  },
  hints(_, response) {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.end('after the hints');
  },
  trailers(_, response) {
    response.writeHead(200, { trailer: 'X-Trailer' });
    response.write('before the trailer');
    response.addTrailers({ 'X-Trailer': 'told late' });
    response.end();
  },
  async late(_, response) {
    await sleep(lateMs);
    response.end('late\n');
  },
  async stream(_, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of ['one', 'two', 'three']) {
      response.write(`data: ${part}\n\n`);
      await sleep(betweenParts);
    }
    response.end();
  },
  /** The connection ends in the place of the first answer; a second attempt tells that it is one. */
  'reset-once'({ request }, response) {
    const id = String(request.headers['x-id'] ?? '');
    const times = (arrivals.get(id) ?? 0) + 1;
    arrivals.set(id, times);
    if (times === 1) request.socket.destroy();
    else response.end(`executed ${times} times\n`);
  },
  connection({ request }, response) {
    response.end((requestsOn.get(request.socket) ?? 0) > 1 ? 'used before\n' : 'new\n');
  },
  /** Whether it was asked in the clear, or over TLS and for which name. */
  scheme({ request: { socket } }, response) {
    const secured = socket instanceof TLSSocket ? `over TLS for ${String(socket.servername)}` : 'in the clear';
    response.end(`${secured}\n`);
  },
  /** Whether the health check of that name was asked lately. */
  probed({ request }, response) {
    const at = probes.get(String(request.headers['x-id'] ?? ''));
    response.end(at !== undefined && performance.now() - at < recentMs ? 'probed\n' : 'not probed\n');
  },
};

/** True when it takes care of the answer. */
export function answersCase(request: IncomingMessage, response: ServerResponse): boolean {
  requestsOn.set(request.socket, (requestsOn.get(request.socket) ?? 0) + 1);
  const [, check] = /^\/probe\/([\w-]+)/.exec(request.url ?? '') ?? [];
  if (check !== undefined) {
    probes.set(check, performance.now());
    response.end();
    return true;
  }
  const wanted = request.headers['x-case'];
  if (typeof wanted !== 'string') return false;
  const play = Object.hasOwn(cases, wanted) ? cases[wanted] : undefined;
  if (play === undefined) response.writeHead(400).end(`there is no case "${wanted}"\n`);
  else void bodyOf(request).then((body) => play({ request, body }, response));
  return true;
}

/** A changed protocol carries back what it is given, once, and ends. */
export function echoUpgrade(request: IncomingMessage, socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  socket.once('data', (chunk) => socket.end(`${request.url ?? ''} ${chunk.toString('latin1')}`));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of request.setEncoding('latin1')) text += chunk as string;
  } catch {
    return `${text} (cut off)`;
  }
  return text;
}

function toldOf({ request, body }: Seen): string {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return `${lines.join('\n')}\n\n${body}\n`;
}
