/** Requests over HTTP/1.1 that are etcd's own to answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Agent } from 'undici';
import type { Endpoints } from './endpoints.ts';

/** Fields of one hop only (RFC 9110, 7.6.1), and those that belong to the connection to etcd. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'host',
  'expect',
]);

/** How long etcd may take: it gives up itself after seven seconds. Locks and elections wait for others, for ever. Milliseconds. */
const answerMs = 10_000;
const waits = /^\/v3(?:beta)?\/(?:lock|election|maintenance|kv\/compaction)(?:\/|$)/;

export interface JsonPassage {
  /** `body`: what was read of the request already. */
  pass(request: IncomingMessage, response: ServerResponse, body?: Buffer): Promise<void>;
  close(): Promise<void>;
}

export function jsonPassage(endpoints: Endpoints): JsonPassage {
  const { ca, clientCert: cert, clientKey: key } = endpoints.current;
  const connect = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  // A stream that passes may have nothing to say for as long as it likes, such as one that observes an election.
  const agent = new Agent({ connect, bodyTimeout: 0 });
  return {
    async pass(request, response, body) {
      const access = endpoints.current;
      try {
        const answer = await agent.request({
          origin: access.url.origin,
          path: request.url ?? '/',
          method: request.method ?? 'GET',
          headers: kept(request.headers),
          body: body ?? request,
          headersTimeout: waits.test(request.url ?? '/') ? 0 : answerMs,
        });
        response.writeHead(answer.statusCode, kept(answer.headers));
        await pipeline(answer.body, response);
      } catch (error) {
        // A client that goes away in the middle of its request is no failure of etcd's.
        if (response.headersSent || (request.destroyed && !request.complete)) return void response.destroy();
        endpoints.failed(access);
        const message = `etcd cannot be reached: ${error instanceof Error ? error.message : String(error)}`;
        response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify({ code: 14, message }));
      }
    },
    close: () => agent.destroy(),
  };
}

function kept(headers: IncomingMessage['headers']): Record<string, string | string[]> {
  const own = Object.entries(headers).filter(([name, value]) => value !== undefined && !dropped.has(name));
  return Object.fromEntries(own) as Record<string, string | string[]>;
}
