/** One request on its way through: undici's dispatch handler, writing the upstream's answer to the client as it comes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Node, Route, Upstream } from '../config/config-objects.ts';
import type { Pools } from '../upstream/pools.ts';
import { nextNode } from '../upstream/round-robin.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { refuse } from './refuse.ts';
import type { RequestBody } from './request-body.ts';
import { mayRetry, statusOf } from './retry.ts';
import { rewriteTarget } from './rewrite.ts';

type Controller = Dispatcher.DispatchController;

export interface ExchangeContext {
  readonly pools: Pools;
  readonly workerId: string;
  readonly onServed: (status: number, request: IncomingMessage) => void;
}

/**
 * A body up to this goes to the socket as Latin-1 text, byte for byte the same: Node joins it with the head into one
 * write, where a Buffer costs a gathered write of two parts. Above, copying costs more than it saves. Bytes.
 */
const textBytes = 8_192;

const none: readonly Node[] = [];

export class Exchange implements Dispatcher.DispatchHandler {
  readonly #context: ExchangeContext;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #route: Route;
  readonly #upstream: Upstream;
  readonly #body: RequestBody;
  #tried = none;
  #controller: Controller | undefined;
  #status = 0;
  #message = '';
  /** The head of the answer, until it is written. */
  #headers: string[] | undefined;
  #held: Buffer | undefined;

  constructor(
    context: ExchangeContext,
    request: IncomingMessage,
    response: ServerResponse,
    route: Route,
    upstream: Upstream,
    body: RequestBody,
  ) {
    this.#context = context;
    this.#request = request;
    this.#response = response;
    this.#route = route;
    this.#upstream = upstream;
    this.#body = body;
    response.on('close', () => {
      // The client has gone: there is nobody to finish for.
      if (!response.writableFinished) this.#controller?.abort(new Error('the client closed the connection'));
    });
  }

  /** Sends the request to the next node; without one left, answers for it. */
  attempt(failure?: Error): void {
    const node = nextNode(this.#upstream, this.#tried);
    if (node === undefined) return this.#refuse(failure);
    this.#tried = this.#tried === none ? [node] : [...this.#tried, node];
    const { readMs } = this.#upstream.timeout;
    const request: Dispatcher.DispatchOptions = {
      path: rewriteTarget(this.#request.url ?? '/', this.#route.rewrite),
      method: this.#request.method ?? 'GET',
      headers: requestHeaders(this.#request, this.#upstream, node, this.#route.rewrite),
      body: this.#body,
      headersTimeout: readMs,
      bodyTimeout: readMs,
    };
    this.#context.pools.of(node, this.#upstream).dispatch(request, this);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#response.destroyed) controller.abort(new Error('the client closed the connection'));
  }

  onResponseStart(controller: Controller, status: number, _headers: object, message = ''): void {
    // Informational answers belong to this hop only.
    if (status < 200) return;
    this.#status = status;
    this.#message = message;
    this.#headers = responseHeaders((controller.rawHeaders ?? []) as readonly Buffer[], this.#context.workerId);
    // What arrived together leaves together: head, and a short body, in one write. What comes later is not waited for.
    process.nextTick(flush, this);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#headers !== undefined && this.#held === undefined) {
      this.#held = chunk;
      return;
    }
    this.flush();
    if (this.#response.write(chunk)) return;
    controller.pause();
    this.#response.once('drain', () => controller.resume());
  }

  /** Writes what is held back. */
  flush(): void {
    if (!this.#writeHead()) return;
    if (this.#held === undefined) this.#response.flushHeaders();
    else this.#response.write(this.#held);
  }

  /** False when there is none to write. */
  #writeHead(): boolean {
    const headers = this.#headers;
    if (headers === undefined || this.#response.destroyed) return false;
    this.#headers = undefined;
    this.#response.writeHead(this.#status, this.#message, headers);
    this.#context.onServed(this.#status, this.#request);
    return true;
  }

  onResponseEnd(): void {
    const held = this.#writeHead() ? this.#held : undefined;
    if (held === undefined) this.#response.end();
    else if (held.length > textBytes) this.#response.end(held);
    else this.#response.end(held.toString('latin1'), 'latin1');
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    if (this.#response.destroyed) return;
    this.#headers = undefined;
    this.#held = undefined;
    // Half an answer cannot be taken back: the client must see that it was cut off.
    if (this.#response.headersSent) this.#response.destroy();
    else if (mayRetry(this.#request, this.#body, error)) this.attempt(error);
    else this.#refuse(error);
  }

  #refuse(failure: Error | undefined): void {
    const [status, reason] =
      failure === undefined ? [503, 'the upstream has no node'] : [statusOf(failure), failure.message];
    refuse(this.#request, this.#response, this.#context, status, reason);
  }
}

function flush(exchange: Exchange): void {
  exchange.flush();
}
