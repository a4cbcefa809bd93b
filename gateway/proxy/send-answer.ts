/** Answers that do not come from an upstream: a plugin's, or the gateway's own in the form of APISIX's. */
import type { Answer, ResponseHead } from '../plugins/plugin.ts';
import type { Served } from './gateway-state.ts';
import { HeaderList } from './header-list.ts';
import type { RequestContext } from './request-context.ts';
import { changesResponse, runResponse } from './run-plugins.ts';

export function refuse(context: RequestContext, served: Served, status: number, reason: string): void {
  sendAnswer(context, served, { status, body: { error_msg: reason } });
}

export function sendAnswer(context: RequestContext, served: Served, answer: Answer): void {
  const { request, response } = context;
  if (response.destroyed) return;
  const head = headOf(answer);
  if (changesResponse(context.plugins)) runResponse(context, head);
  const body = head.body ?? Buffer.alloc(0);
  // An answer without content has no length either (RFC 9110 §8.6).
  const contentless = head.status === 204 || head.status === 304;
  if (!contentless) head.headers.set('content-length', String(body.length));
  head.headers.set('x-gateway-worker', served.workerId);
  response.writeHead(head.status, head.headers.flat);
  response.end(contentless ? undefined : body);
  served.onServed(context, head.status);
  // What is left of the request must be read, or the connection cannot be used again.
  request.resume();
}

function headOf({ status, headers = {}, body }: Answer): ResponseHead {
  const list = new HeaderList();
  for (const [name, value] of Object.entries(headers)) list.append(name, value);
  if (body === undefined) return { status, headers: list, body: undefined };
  const json = typeof body === 'object';
  if (!list.has('content-type')) list.set('content-type', json ? 'application/json' : 'text/plain; charset=utf-8');
  return { status, headers: list, body: Buffer.from(json ? JSON.stringify(body) : body) };
}
