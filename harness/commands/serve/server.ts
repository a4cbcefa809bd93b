/** The server of `gatecrash serve`: pages of the run folders and of the history. It reads, and never writes. */
import { createReadStream, existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import {
  type HistoryPart,
  comparePage,
  historyPage,
  missingPage,
  runPage,
  shownRuns,
  trendsPage,
} from '../../reporters/live/history-pages.ts';
import { liveEvent, livePage } from '../../reporters/live/live-page.ts';
import { securityPolicy } from '../../reporters/live/shell.ts';
import { metricsText } from '../../reporters/openmetrics.ts';
import { standingAlarms } from '../../store/history/alarms.ts';
import { openHistory } from '../../store/history/open-history.ts';
import { countRuns, listRuns, newestRuns, readRun } from '../../store/history/read-runs.ts';
import { LiveRuns } from '../../store/live-runs.ts';
import { usualNightsBetweenAlarms, watched } from '../history/trends.ts';
import { refusal } from './access.ts';

export interface ServerOptions {
  /** Folder of the run folders. */
  readonly runs: string;
  /** The database; it may be there only later. */
  readonly history: string;
  readonly token: string | undefined;
}

/** A stream of the live page looks so often. Milliseconds. */
const lookEveryMs = 1_000;

export function createServer(options: ServerOptions): FastifyInstance {
  const server = fastify({ forceCloseConnections: true });
  const live = new LiveRuns(options.runs);
  server.addHook('onRequest', async (request, reply) => {
    const status = refusal(request.headers, options.token);
    if (status === 401) void reply.header('www-authenticate', 'Basic realm="gatecrash"');
    if (status !== undefined)
      return reply.code(status).send(status === 401 ? 'a token is needed' : 'no such host here');
    void reply.headers({
      'content-security-policy': securityPolicy(),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });
  server.get('/', (_request, reply) => page(reply, livePage(live.look(), reader(options.history)(standingAlarms))));
  // Browsers ask for it, and would tell of a page that is not there.
  server.get('/favicon.ico', (_request, reply) => reply.code(204).send());
  server.get('/events', (_request, reply) => follow(reply, live));
  historyRoutes(server, options.history, live);
  server.setNotFoundHandler((_request, reply) => page(reply.code(404), missingPage('There is no such page.')));
  return server;
}

type Reader = <T>(work: (database: DatabaseSync) => T) => T;

function reader(file: string): Reader {
  return (work) => {
    using database = existsSync(file) ? openHistory(file) : openHistory(':memory:');
    return work(database);
  };
}

function historyRoutes(server: FastifyInstance, file: string, live: LiveRuns): void {
  const read = reader(file);
  server.get<{ Querystring: { skip?: string } }>('/history', ({ query: { skip = '' } }, reply) =>
    page(
      reply,
      read((database) => historyPage(historyPart(database, skip), standingAlarms(database))),
    ),
  );
  server.get('/trends', (_request, reply) =>
    page(reply, trendsPage(read((database) => watched(database, usualNightsBetweenAlarms)))),
  );
  server.get('/metrics', async (_request, reply) => {
    const text = read((database) =>
      metricsText(newestRuns(database), watched(database, usualNightsBetweenAlarms), live.look()),
    );
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await text);
  });
  server.get<{ Params: { run: string } }>('/runs/:run', ({ params }, reply) => {
    const run = read((database) => readRun(database, params.run));
    return run === undefined
      ? page(reply.code(404), missingPage('The history has no such run.'))
      : page(reply, runPage(run));
  });
  server.get<{ Querystring: { a?: string; b?: string } }>('/compare', ({ query: { a = '', b = '' } }, reply) => {
    const [left, right] = read((database) => [readRun(database, a), readRun(database, b)]);
    if (left === undefined || right === undefined)
      return page(reply.code(404), missingPage('Choose a run for a, and one for b.'));
    return page(reply, comparePage(left, right));
  });
  server.get<{ Params: { run: string; '*': string } }>('/runs/:run/report/*', ({ params }, reply) => {
    const run = read((database) => readRun(database, params.run));
    const place = run === undefined ? undefined : inside(run.folder, params['*'] || 'report.html');
    return place === undefined
      ? page(reply.code(404), missingPage('It is not there any more.'))
      : evidence(reply, place);
  });
}

function historyPart(database: DatabaseSync, skip: string): HistoryPart {
  const all = countRuns(database);
  const newer = /^\d{1,9}$/.test(skip) ? Math.min(all, Number(skip)) : 0;
  const runs = listRuns(database, shownRuns, newer);
  return { runs, newer, older: all - newer - runs.length };
}

function page(reply: FastifyReply, html: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(html);
}

/** The file of that name in the folder, also when a link would lead out of it: then there is none. */
function inside(folder: string, name: string): string | undefined {
  const file = path.join(folder, name);
  if (!existsSync(file) || !statSync(file).isFile()) return undefined;
  const [real, root] = [realpathSync(file), realpathSync(folder)];
  return real.startsWith(root + path.sep) ? real : undefined;
}

/** A report brings a policy of its own; nothing else of the evidence is more than text. */
function evidence(reply: FastifyReply, file: string): FastifyReply {
  const isReport = path.basename(file) === 'report.html';
  return reply
    .header('content-security-policy', `default-src 'none'; style-src 'unsafe-inline'; sandbox allow-same-origin`)
    .type(isReport ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8')
    .send(createReadStream(file));
}

/** What has changed is sent; what has not costs a comment, by which a client that went away is noticed. */
async function follow(reply: FastifyReply, live: LiveRuns): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const own = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  raw.writeHead(200, { ...Object.fromEntries(own), 'content-type': 'text/event-stream' });
  let last = '';
  const look = (): void => {
    const now = liveEvent(live.look());
    raw.write(now === last ? ':\n\n' : `data: ${now}\n\n`);
    last = now;
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  raw.once('close', () => clearInterval(timer));
}
