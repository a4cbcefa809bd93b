/** `/status`, `/status/ready`, `/metrics`, `/v1/routes` and `/v1/profile`, for people, balancers and Prometheus. */
import { type Server, type ServerResponse, createServer } from 'node:http';
import cluster from 'node:cluster';
import { AggregatorRegistry, type RegistryContentType } from 'prom-client';
import type { Address } from '../settings-reader.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Profiles longer than this are refused. Seconds. */
const longestProfile = 60;
/** A worker that is asked for something answers within this, above what the thing itself takes. Milliseconds. */
const answerMs = 5_000;

/** A question that cannot be answered as it was put. */
class BadQuestion extends Error {}

type Page = (query: URLSearchParams) => Promise<object> | object;

/** Listens when it resolves; rejects when the address is taken. */
export async function serveStatus(address: Address, workers: number, pool: WorkerPool): Promise<Server> {
  const registry = new AggregatorRegistry();
  const pages: Readonly<Record<string, Page>> = {
    '/status': () => ({ status: 'ok' }),
    '/v1/routes': (query) => routes(query, pool),
    '/v1/profile': (query) => profile(query, pool),
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://status');
    const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined;
    if (pathname === '/status/ready') readiness(response, workers, pool);
    else if (pathname === '/metrics') void metrics(response, registry);
    else if (page !== undefined) void answer(response, page, searchParams);
    else
      json(response, 404, {
        error_msg: `no page ${pathname}; there are ${Object.keys(pages).join(', ')}, /status/ready and /metrics`,
      });
  });
  server.listen(address);
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  return server;
}

async function answer(response: ServerResponse, page: Page, query: URLSearchParams): Promise<void> {
  try {
    json(response, 200, await page(query));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const busy = message.includes('being taken already');
    json(response, error instanceof BadQuestion ? 400 : busy ? 409 : 503, { error_msg: message });
  }
}

/** 200 only when as many workers as wanted listen and have read their configuration once. */
function readiness(response: ServerResponse, workers: number, { states }: WorkerPool): void {
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

/** The routes that one worker has in force, a page of them. */
async function routes(query: URLSearchParams, pool: WorkerPool): Promise<object> {
  const page = whole(query, 'page', 1, 1, Number.MAX_SAFE_INTEGER);
  const pageSize = whole(query, 'page_size', 100, 1, 1_000);
  const worker = workerOf(query, pool);
  return { worker, ...((await pool.ask(worker, 'routes', { page, pageSize }, answerMs)) as object) };
}

async function profile(query: URLSearchParams, pool: WorkerPool): Promise<object> {
  const seconds = whole(query, 'seconds', 10, 1, longestProfile);
  return (await pool.ask(workerOf(query, pool), 'profile', { seconds }, seconds * 1_000 + answerMs)) as object;
}

function workerOf(query: URLSearchParams, { states }: WorkerPool): number {
  const known = [...states.keys()];
  // One that is on its way out follows etcd no more, for as long as its last requests take.
  const usual = [...states].find(([, { ready }]) => ready)?.[0] ?? known[0] ?? 1;
  const worker = whole(query, 'worker', usual, 1, Number.MAX_SAFE_INTEGER);
  if (!states.has(worker)) throw new BadQuestion(`there is no worker ${worker}; there are ${known.join(', ')}`);
  return worker;
}

function whole(query: URLSearchParams, name: string, byDefault: number, least: number, most: number): number {
  const given = query.get(name);
  const value = given === null ? byDefault : /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new BadQuestion(`${name} must be a whole number from ${least} to ${most}, not "${given}"`);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
