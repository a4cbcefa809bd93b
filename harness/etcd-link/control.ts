/** The control side of the link: faults on and off, and what passed, as JSON over HTTP. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { isByzantine } from '../../scenarios/byzantine.ts';
import type { LinkFault } from '../../scenarios/scenario.ts';
import type { ShownCertificate } from '../model/ports.ts';
import type { Board } from './board.ts';
import type { Certificates } from './certificates.ts';
import { isLinkFaultKind } from './ways.ts';

type Answer = (body: unknown) => unknown;

/**
 * Every request is a heartbeat. When none came for `heartbeatMs` while a fault holds, the link heals itself: whoever
 * broke it is dead, and must not leave a broken link behind.
 */
export function createControl(board: Board, certificates: Certificates, heartbeatMs: number): Server {
  const deadManSwitch = setTimeout(() => {
    if (board.broken) process.stderr.write(`no heartbeat for ${heartbeatMs} ms: the link heals itself\n`);
    board.heal();
    certificates.heal();
  }, heartbeatMs).unref();
  const routes: Readonly<Record<string, Answer>> = {
    'GET /counters': () => board.counters(),
    'POST /heartbeat': () => ({}),
    'POST /faults': (body) => {
      const { fault, seed = 0 } = body as { fault?: unknown; seed?: number };
      board.inject(faultOf(fault), seed);
      return {};
    },
    'POST /heal': (body) => {
      const { fault } = body as { fault?: unknown };
      board.heal(fault === undefined ? undefined : faultOf(fault));
      return {};
    },
    'POST /certificate': (body) => {
      certificates.show((body as { show: ShownCertificate }).show);
      return {};
    },
  };
  return createServer((request, response) => {
    deadManSwitch.refresh();
    void answer(request, response, routes);
  });
}

function faultOf(value: unknown): LinkFault {
  const { kind } = (value ?? {}) as { kind?: unknown };
  if (!isLinkFaultKind(kind)) throw new TypeError(`${JSON.stringify(kind)} is no fault of the etcd link`);
  // Its other fields are the scenario language's, which is checked before a trial.
  const fault = value as LinkFault;
  if (isByzantine(fault) && !fault.breaksPromisesOfEtcd) {
    throw new TypeError(`${kind} breaks promises of etcd: breaksPromisesOfEtcd has to be true`);
  }
  return fault;
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
