/** One question to a node, as an active health check asks it. */
import { connect } from 'node:net';
import { Agent, request } from 'undici';
import type { ActiveCheck, Node } from '../../config/config-objects.ts';
import type { Outcome } from './health.ts';

/** A connection of its own for each probe: one kept alive would say nothing of whether new ones are taken. */
const options = { pipelining: 0, keepAliveTimeout: 1 };
const agents = {
  true: new Agent({ ...options, connect: { rejectUnauthorized: true } }),
  false: new Agent({ ...options, connect: { rejectUnauthorized: false } }),
};

/** Never rejects. */
export async function probe(node: Node, check: ActiveCheck): Promise<Outcome> {
  const port = check.port ?? node.port;
  const started = performance.now();
  try {
    if (check.type === 'tcp') {
      await connected(node.host, port, check.timeoutMs);
      // For TCP there is no status; being let in is as good as 200.
      return { kind: 'status', status: 200, ms: performance.now() - started };
    }
    const { statusCode, body } = await request(`${check.type}://${node.host}:${port}${check.path}`, {
      dispatcher: agents[`${check.verify}`],
      headers: headersOf(check),
      signal: AbortSignal.timeout(check.timeoutMs),
    });
    await body.dump();
    return { kind: 'status', status: statusCode, ms: performance.now() - started };
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException;
    return name === 'TimeoutError' || code === 'ETIMEDOUT' ? { kind: 'timeout' } : { kind: 'tcp' };
  }
}

function headersOf({ host, headers }: ActiveCheck): Record<string, string> {
  const given = headers.map(
    (line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const,
  );
  return { ...(host === undefined ? {} : { host }), ...Object.fromEntries(given) };
}

function connected(host: string, port: number, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host.replace(/^\[(.*)\]$/, '$1'), port, timeout: timeoutMs });
    socket.once('connect', resolve).once('error', reject);
    socket.once('timeout', () => reject(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' })));
    socket.once('connect', () => socket.destroy()).once('timeout', () => socket.destroy());
  });
}
