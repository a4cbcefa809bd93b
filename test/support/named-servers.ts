/** Servers that answer with their own name, and can be made to fail, die and come back on the same port. */
import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask, nodeAt, type TestNode } from './http.ts';

export interface NamedServer extends AsyncDisposable {
  readonly name: string;
  readonly node: TestNode;
  /** What it answers with; 200 in the beginning. */
  status: number;
  delayMs: number;
  /** From now on its answers wait, until what this returns is called. */
  hold(): () => void;
  /** Requests that it has seen, probes for `/health` apart. */
  readonly seen: string[];
  readonly probes: string[];
  die(): Promise<void>;
  comeBack(): Promise<void>;
}

export async function startNamed(name: string, extra: Partial<TestNode> = {}): Promise<NamedServer> {
  let held: Promise<void> | undefined;
  const server: Server = createServer((request, response) => {
    (request.url === '/health' ? named.probes : named.seen).push(describe(request));
    const answer = (): unknown => setTimeout(() => response.writeHead(named.status).end(name), named.delayMs);
    if (held === undefined) answer();
    else void held.then(answer);
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const named: NamedServer = {
    name,
    node: { ...nodeAt(port), ...extra },
    status: 200,
    delayMs: 0,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = undefined;
        resolve();
      };
    },
    seen: [],
    probes: [],
    die: close,
    comeBack: () => listen(server, port),
    [Symbol.asyncDispose]: close,
  };
  return named;
}

function describe({ method, url }: IncomingMessage): string {
  return `${method} ${url}`;
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

/** Bodies of that many answers, one after the other; a status other than 200 stands for itself. */
export async function bodies(port: number, count: number, path = '/'): Promise<readonly string[]> {
  const taken: string[] = [];
  for (let each = 0; each < count; each++) {
    const { status, body } = await ask(port, { path });
    taken.push(status === 200 ? body : String(status));
  }
  return taken;
}

export function countOf(list: readonly string[], wanted: string): number {
  return list.filter((each) => each === wanted).length;
}
