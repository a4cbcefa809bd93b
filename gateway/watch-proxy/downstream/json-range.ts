/** A read over JSON: answered from the mirror where that may be, else by etcd. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RawRangeRequest } from '../../etcd/rpc.ts';
import type { JsonPassage } from '../upstream/pass-json.ts';
import { rangeJsonOf } from './json-response.ts';
import { rangeRequestOf } from './json-request.ts';
import { mirrorAnswer, mostRangeBytes } from './mirror-range.ts';
import type { WatchService } from './watch-session.ts';

/** Of any read: etcd takes two MiB, in base64 a third more. */
const mostBodyBytes = 3_145_728;

export async function serveJsonRange(
  request: IncomingMessage,
  response: ServerResponse,
  { service, json }: { readonly service: WatchService; readonly json: JsonPassage },
): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBodyBytes) return refuseLarge(request, response);
  }
  const body = Buffer.concat(chunks);
  const wish = length > mostRangeBytes ? undefined : wishOf(body);
  const answer = await mirrorAnswer(service, wish, request.headers);
  if (answer === undefined) return json.pass(request, response, body);
  response.writeHead(200, { 'content-type': 'application/json', ...answer.marks });
  response.end(rangeJsonOf(answer.range));
}

/** In etcd's words for what is too large. */
function refuseLarge(request: IncomingMessage, response: ServerResponse): void {
  const message = `received message larger than max (more than ${mostBodyBytes} bytes)`;
  response.writeHead(429, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ code: 8, message }), () => request.destroy());
}

/** Undefined when it is none: etcd says what is wrong with it. */
function wishOf(body: Buffer): RawRangeRequest | undefined {
  try {
    return rangeRequestOf(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}
