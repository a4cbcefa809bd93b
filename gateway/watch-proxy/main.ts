#!/usr/bin/env -S node --max-semi-space-size=8 --single-threaded-gc
/** The watch proxy as a process of its own: `node gateway/watch-proxy/main.ts`, set by the environment. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { rangeOf } from '../etcd/words.ts';
import { addressTaken, badSettings } from '../exit-codes.ts';
import type { Address } from '../settings-reader.ts';
import { type Listener, createListener } from './downstream/listener.ts';
import { OpenStreams } from './downstream/open-streams.ts';
import { Permissions } from './downstream/permissions.ts';
import { checkRights } from './downstream/rights-rounds.ts';
import { serveHttp1, serveHttp2 } from './downstream/serve.ts';
import { Feeds } from './feed/feeds.ts';
import type { Http2Stream } from './http2/stream.ts';
import { createMetrics } from './metrics.ts';
import { type Settings, readSettings } from './settings.ts';
import { spanOf } from './span.ts';
import { createStatusServer } from './status-server.ts';
import { Endpoints } from './upstream/endpoints.ts';
import { grpcPassage } from './upstream/pass-grpc.ts';
import { jsonPassage } from './upstream/pass-json.ts';
import { connectUpstream } from './upstream/upstream.ts';

/** An upstream watch without a sign of life for this long is opened anew; it is asked for one three times as often. */
const silenceMs = 9_000;
const lingerMs = 60_000;
/** How long a client may take nothing before its watch is ended. Milliseconds. */
const mostFullMs = 30_000;
/** How often it is looked whether etcd has a leader. Milliseconds. */
const leaderMs = 1_000;
/** For calls that are under way when the last stream has been ended. Milliseconds. */
const lastCallsMs = 1_000;

function run(settings: Settings, log: Logger): void {
  const endpoints = new Endpoints(settings.etcd);
  const upstream = connectUpstream(endpoints, silenceMs / 3);
  const metrics = createMetrics();
  const pinned = settings.prefixes.map((prefix) => {
    const { key, end } = rangeOf(prefix);
    return spanOf(end === undefined ? { key } : { key, range_end: end });
  });
  const { ring, progressMs, bufferBytes } = settings;
  const times = { watchTimeoutMs: silenceMs, lingerMs, progressMs, mostFullMs };
  const feeds = new Feeds({ upstream, ring, pinned, events: metrics.events(log), ...times });
  const streams = new OpenStreams();
  metrics.observe(feeds, streams);
  const permissions = new Permissions(upstream);
  const service = { feeds, permissions };
  const [grpc, json] = [grpcPassage(endpoints), jsonPassage(endpoints)];
  const options = { service, streams, bufferBytes, grpc, json };
  const serve = {
    http1: (request: IncomingMessage, response: ServerResponse) => serveHttp1(request, response, options),
    http2: (stream: Http2Stream) => serveHttp2(stream, options),
  };
  const listener = createListener(serve, settings.tls);
  listen(listener.server, settings.listen, log);
  let isLeaving = false;
  listen(createStatusServer({ feeds, upstream, metrics, isLeaving: () => isLeaving }), settings.status, log);
  void checkRights(streams, permissions);
  setInterval(() => feeds.hasLeader || streams.loseLeader(), leaderMs).unref();
  process.once('SIGTERM', () => {
    isLeaving = true;
    void drain(listener, streams, settings.drainMs).then(() => process.exit(0));
  });
  log.info({ listen: settings.listen, prefixes: settings.prefixes }, 'the watch proxy serves');
}

/** Streams end one after the other over the time given: their clients come to the other proxies, or to etcd, not all at once. */
async function drain({ server, http2 }: Listener, streams: OpenStreams, overMs: number): Promise<void> {
  server.close();
  const open = streams.all;
  for (const { leave } of open) {
    leave();
    await sleep(overMs / open.length);
  }
  await Promise.race([http2.leave(), sleep(lastCallsMs)]);
}

function listen(server: Pick<Server, 'once' | 'listen'>, { host, port }: Address, log: Logger): void {
  server.once('error', (error: Error) => {
    log.fatal(`cannot listen on ${host}:${port}: ${error.message}`);
    process.exit(addressTaken);
  });
  server.listen(port, host);
}

const settings = readSettings(process.env);
if ('listen' in settings) {
  const log = pino({ level: settings.logLevel });
  process.on('uncaughtException', (error) => {
    log.fatal({ error: error.message, stack: error.stack }, 'uncaught');
    process.exit(1);
  });
  run(settings, log);
} else {
  process.stderr.write(`${settings.join('\n')}\n`);
  process.exitCode = badSettings;
}
