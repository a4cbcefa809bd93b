/** The control side of a process that can be told to break: JSON over HTTP. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';

/** By method and path, such as `POST /heal`; given the body of the request. What it throws is answered 400. */
export type Controls = Readonly<Record<string, (body: unknown) => unknown>>;

export interface Breakable {
  /** Such as `the link`. */
  readonly name: string;
  readonly broken: () => boolean;
  /** Ends every fault. */
  readonly heal: () => unknown;
}

/** Whether faults were ended since it started that nobody had asked it to end. */
export interface Heartbeat {
  readonly healedItself: boolean;
}

/**
 * Every request is a heartbeat. When none came for `heartbeatMs` while something is broken, it heals itself: whoever
 * broke it is dead, and must not leave it so.
 */
export function createControl(controls: Controls, breakable: Breakable, heartbeatMs: number): Server {
  let healedItself = false;
  const deadManSwitch = setInterval(() => {
    if (!breakable.broken()) return;
    process.stderr.write(`no heartbeat for ${heartbeatMs} ms: ${breakable.name} heals itself\n`);
    healedItself = true;
    breakable.heal();
  }, heartbeatMs).unref();
  const all: Controls = { ...controls, 'POST /heartbeat': (): Heartbeat => ({ healedItself }) };
  return createServer((request, response) => {
    deadManSwitch.refresh();
    void answer(request, response, all);
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, controls: Controls): Promise<void> {
  const name = `${request.method} ${request.url}`;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const act = controls[name];
    if (act === undefined) send(response, 404, { error: `no ${name}; there are ${Object.keys(controls).join(', ')}` });
    else send(response, 200, await act(text === '' ? {} : JSON.parse(text)));
  } catch (error) {
    send(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
