/** `/status`, `/status/ready` and `/metrics`, for people, balancers and Prometheus. */
import { type Server, type ServerResponse, createServer } from 'node:http';
import cluster from 'node:cluster';
import { AggregatorRegistry, type RegistryContentType } from 'prom-client';
import type { Address } from '../settings.ts';
import type { WorkerState } from './worker-state.ts';

/** Listens when it resolves; rejects when the address is taken. */
export async function serveStatus(
  address: Address,
  workers: number,
  states: ReadonlyMap<number, WorkerState>,
): Promise<Server> {
  const registry = new AggregatorRegistry();
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/status') json(response, 200, { status: 'ok' });
    else if (path === '/status/ready') readiness(response, workers, states);
    else if (path === '/metrics') void metrics(response, registry);
    else json(response, 404, { error_msg: `no page ${path}; there are /status, /status/ready and /metrics` });
  });
  server.listen(address);
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  return server;
}

/** 200 only when as many workers as wanted listen and have read their configuration once. */
function readiness(response: ServerResponse, workers: number, states: ReadonlyMap<number, WorkerState>): void {
  const list = [...states].map(([id, state]) => ({ id, pid: cluster.workers?.[id]?.process.pid, ...state }));
  // During a reload there are more workers than wanted, and those that are leaving still serve.
  const ready = list.filter((worker) => worker.ready).length >= workers;
  json(response, ready ? 200 : 503, { ready, workers: list });
}

async function metrics(response: ServerResponse, registry: AggregatorRegistry<RegistryContentType>): Promise<void> {
  try {
    const text = await registry.clusterMetrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  } catch (error) {
    json(response, 503, {
      error_msg: `a worker did not answer: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
