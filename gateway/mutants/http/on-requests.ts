/** What a worker does with requests, changed: before the gateway looks at one, or in how its answer is written. */
import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http';
import type { GatewayState } from '../../proxy/gateway-state.ts';
import type { Handling } from '../../proxy/proxy.ts';
import type { Seams } from '../../seams.ts';

/** `'answered'` keeps the request from the gateway. */
type Before = (request: IncomingMessage, response: ServerResponse, state: GatewayState) => 'answered' | undefined;

export function onRequests(seams: Seams, before: Before): Seams {
  const { request: handle } = seams.handling;
  const request: Handling['request'] = (incoming, response, state) => {
    if (before(incoming, response, state) !== 'answered') handle(incoming, response, state);
  };
  return { ...seams, handling: { ...seams.handling, request } };
}

export function onUpgrades(seams: Seams, change: (handle: Handling['upgrade']) => Handling['upgrade']): Seams {
  return { ...seams, handling: { ...seams.handling, upgrade: change(seams.handling.upgrade) } };
}

export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: GatewayState,
  status: number,
): 'answered' {
  response.writeHead(status, { 'content-length': '0', 'x-gateway-worker': state.workerId }).end();
  request.resume();
  return 'answered';
}

/** Names and values in turn. */
export type Flat = readonly string[];

/** The head of the answer goes out as `change` leaves it. */
export function onHead(response: ServerResponse, change: (headers: Flat) => Flat): void {
  type WriteHead = (status: number, message: string, headers: Flat) => ServerResponse;
  const writeHead = response.writeHead.bind(response) as unknown as WriteHead;
  response.writeHead = (status: number, ...rest: readonly unknown[]) => {
    const message = typeof rest[0] === 'string' ? rest[0] : (STATUS_CODES[status] ?? '');
    return writeHead(status, message, change((rest.at(-1) ?? []) as Flat));
  };
}

/** Replaces the headers that the client sent, in place: names and values in turn. */
export function setHeaders({ rawHeaders }: IncomingMessage, flat: Flat): void {
  rawHeaders.splice(0, rawHeaders.length, ...flat);
}

export function pairsOf(flat: Flat): readonly (readonly [string, string])[] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? '']);
}
