/** The control side of the link: faults on and off, and what passed, as JSON over HTTP. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Switchboard } from './switchboard.ts';

type Answer = (body: unknown) => unknown;

/**
 * Every request is a heartbeat. When none came for `heartbeatMs` while a fault holds, the link heals itself: whoever
 * broke it is dead, and must not leave a broken link behind.
 */
export function createControl(board: Switchboard, heartbeatMs: number): Server {
  const deadManSwitch = setTimeout(() => {
    if (board.stall !== undefined) process.stderr.write(`no heartbeat for ${heartbeatMs} ms: the link heals itself\n`);
    board.heal();
  }, heartbeatMs).unref();
  const routes: Readonly<Record<string, Answer>> = {
    'GET /counters': () => board.counters(),
    'POST /heartbeat': () => ({}),
    'POST /stall': (body) => {
      const { mode } = body as { mode?: unknown };
      if (mode !== 'dead' && mode !== 'hold') throw new TypeError('mode must be "dead" or "hold"');
      board.startStall(mode);
      return {};
    },
    'POST /cut': () => ({ cut: board.cut() }),
    'POST /heal': () => {
      board.heal();
      return {};
    },
  };
  return createServer((request, response) => {
    deadManSwitch.refresh();
    void answer(request, response, routes);
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Readonly<Record<string, Answer>>,
): Promise<void> {
  const name = `${request.method} ${request.url}`;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const act = routes[name];
    if (act === undefined) send(response, 404, { error: `no ${name}; there are ${Object.keys(routes).join(', ')}` });
    else send(response, 200, act(text === '' ? {} : JSON.parse(text)));
  } catch (error) {
    send(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
