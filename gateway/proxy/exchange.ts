/** One request on its way to an upstream: undici's dispatch handler, writing the answer to the client as it comes. */
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Timeouts, Upstream } from '../config/config-objects.ts';
import type { ResponseHead } from '../plugins/plugin.ts';
import type { LiveNode } from '../upstream/live-node.ts';
import type { Outcome } from '../upstream/outcome.ts';
import { serverNameOf } from '../upstream/server-name.ts';
import type { UpstreamState } from '../upstream/upstream-state.ts';
import type { GatewayState } from './gateway-state.ts';
import { HeaderList } from './header-list.ts';
import { hostFor, requestHeaders, responseHeaders } from './headers.ts';
import type { RequestBody } from './request-body.ts';
import type { RequestContext } from './request-context.ts';
import { endOf, mayRetry, statusOf } from './retry.ts';
import { changesResponse, runResponse } from './run-plugins.ts';
import { refuse } from './send-answer.ts';
import { join } from './upgrade.ts';
import { watchSending } from './send-timeout.ts';

type Controller = Dispatcher.DispatchController;
type AnswerHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/**
 * A body up to this goes to the socket as Latin-1 text, byte for byte the same: Node joins it with the head into one
 * write, where a Buffer costs a gathered write of two parts. Above, copying costs more than it saves. Bytes.
 */
const textBytes = 8_192;

const none: readonly LiveNode[] = [];

interface Attempt {
  readonly upstream: UpstreamState;
  readonly live: LiveNode;
  readonly startedAt: number;
  /** From then to the head of the answer. Milliseconds; 0 before. */
  answeredMs: number;
}

export class Exchange implements Dispatcher.DispatchHandler {
  readonly #state: GatewayState;
  readonly #context: RequestContext;
  readonly #upstream: Upstream;
  readonly #timeout: Timeouts;
  readonly #body: RequestBody;
  #tried = none;
  /** The one that is under way. */
  #attempt: Attempt | undefined;
  #stopWatch: (() => void) | undefined;
  #controller: Controller | undefined;
  #status = 0;
  #message = '';
  /** The head of the answer, until it is written. */
  #headers: string[] | undefined;
  #held: Buffer | undefined;
  /** Of the body that the upstream announced; undefined when it did not. Bytes. */
  #length: number | undefined;
  /** A plugin has given a body of its own: the upstream's is read and dropped. */
  #replaced = false;

  constructor(state: GatewayState, context: RequestContext, upstream: Upstream, body: RequestBody) {
    this.#state = state;
    this.#context = context;
    this.#upstream = upstream;
    this.#timeout = context.match?.route.timeout ?? upstream.timeout;
    this.#body = body;
    const { response } = context;
    response.on('close', () => {
      // The client has gone: there is nobody to finish for.
      if (!response.writableFinished) this.#controller?.abort(new Error('the client closed the connection'));
    });
  }

  /** Sends the request to the next node; without one left, answers for it. */
  attempt(failure?: Error): void {
    const upstream = this.#state.upstreams.of(this.#upstream);
    const live = upstream.pick(this.#context, this.#tried);
    if (live === undefined) return this.#refuse(failure);
    this.#tried = this.#tried === none ? [live] : [...this.#tried, live];
    const startedAt = performance.now();
    this.#attempt = { upstream, live, startedAt, answeredMs: 0 };
    live.inFlight++;
    this.#context.upstreamStartedAt ??= startedAt;
    this.#dispatch(live);
  }

  #dispatch({ node }: LiveNode): void {
    const { readMs } = this.#timeout;
    const host = hostFor(this.#context, this.#upstream, node);
    const request: Dispatcher.DispatchOptions = {
      path: this.#context.target,
      method: this.#context.upstreamMethod,
      headers: requestHeaders(this.#context, host),
      body: this.#body,
      upgrade: this.#context.upgrade === undefined ? null : 'websocket',
      headersTimeout: this.#watch() ? 0 : readMs,
      bodyTimeout: readMs,
    };
    const serverName = this.#upstream.scheme === 'https' ? serverNameOf(host) : undefined;
    this.#state.pools.of(node, this.#upstream, this.#timeout, serverName).dispatch(request, this);
  }

  /** True for a body that streams: undici's own limit would count the time of sending as one of waiting. */
  #watch(): boolean {
    if (this.#body === null || Buffer.isBuffer(this.#body)) return false;
    this.#stopWatch = watchSending(this.#body, this.#timeout, (reason) => this.#controller?.abort(reason));
    return true;
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#context.response.destroyed) controller.abort(new Error('the client closed the connection'));
  }

  /** The upstream has changed to the protocol that was asked for: from here on bytes are only carried. */
  onRequestUpgrade(controller: Controller, status: number, _headers: object, socket: Duplex): void {
    const { upgrade } = this.#context;
    if (upgrade === undefined) return void socket.destroy();
    this.#context.upstreamStatus = status;
    this.#state.onServed(this.#context, status);
    join(upgrade, controller, status, socket);
    socket.once('close', () => this.#leave('answered'));
  }

  onResponseStart(controller: Controller, status: number, headers: AnswerHeaders, message = ''): void {
    // Informational answers belong to this hop only.
    if (status < 200) return;
    this.#stopWatch?.();
    if (this.#attempt !== undefined) this.#attempt.answeredMs = performance.now() - this.#attempt.startedAt;
    this.#status = status;
    this.#message = message;
    this.#context.upstreamStatus = status;
    this.#headers = responseHeaders((controller.rawHeaders ?? []) as readonly Buffer[], this.#state.workerId);
    if (changesResponse(this.#context.plugins)) this.#rewriteHead(this.#headers);
    const length = headers['content-length'];
    this.#length = length === undefined ? undefined : Number(length);
    // Without a length nothing is known of when a body comes, if ever: the head leaves with what has arrived together with
    // it. A body of known length is on its way, and as long as nothing is written another node can still be asked.
    if (length === undefined) process.nextTick(flush, this);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#replaced) return;
    if (this.#headers !== undefined && this.#held === undefined && chunk.length === (this.#length ?? chunk.length)) {
      // A short body leaves with the head, in one write.
      this.#held = chunk;
      return;
    }
    const { response } = this.#context;
    if (this.#writeHead() && this.#held !== undefined) response.write(this.#held);
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => controller.resume());
  }

  /** Writes what is held back, although nothing follows it yet. */
  flush(): void {
    if (!this.#writeHead()) return;
    if (this.#held === undefined) this.#context.response.flushHeaders();
    else this.#context.response.write(this.#held);
  }

  onResponseEnd(): void {
    this.#leave('answered');
    const { response } = this.#context;
    const held = this.#writeHead() ? this.#held : undefined;
    if (held === undefined) response.end();
    else if (held.length > textBytes) response.end(held);
    else response.end(held.toString('latin1'), 'latin1');
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    this.#stopWatch?.();
    const { request, response } = this.#context;
    const abandoned = response.destroyed || (request.destroyed && !request.complete);
    this.#leave(abandoned ? 'abandoned' : endOf(error));
    if (response.destroyed) return;
    this.#headers = undefined;
    this.#held = undefined;
    // Half an answer cannot be taken back: the client must see that it was cut off.
    if (response.headersSent) response.destroy();
    else if (this.#mayTryAgain() && mayRetry(this.#context, this.#body, error, this.#upstream)) this.attempt(error);
    else this.#refuse(error);
  }

  #mayTryAgain(): boolean {
    const { retries, retryTimeoutMs } = this.#upstream;
    if (retryTimeoutMs > 0 && performance.now() - this.#context.startedAt > retryTimeoutMs) return false;
    return this.#tried.length <= (retries ?? this.#upstream.nodes.length - 1);
  }

  #rewriteHead(flat: string[]): void {
    const head: ResponseHead = { status: this.#status, headers: new HeaderList(flat), body: undefined };
    runResponse(this.#context, head);
    this.#status = head.status;
    this.#headers = head.headers.flat;
    if (head.body === undefined) return;
    this.#replaced = true;
    this.#held = head.body;
    head.headers.delete('content-encoding');
    head.headers.set('content-length', String(head.body.length));
  }

  /** False when there is none to write. */
  #writeHead(): boolean {
    const headers = this.#headers;
    if (headers === undefined || this.#context.response.destroyed) return false;
    this.#headers = undefined;
    this.#context.response.writeHead(this.#status, this.#message, headers);
    this.#state.onServed(this.#context, this.#status);
    return true;
  }

  #leave(end: Outcome['end']): void {
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    this.#attempt = undefined;
    attempt.live.inFlight--;
    const { answeredMs, startedAt } = attempt;
    const elapsedMs = answeredMs > 0 ? answeredMs : performance.now() - startedAt;
    attempt.upstream.report(attempt.live, { end, status: this.#context.upstreamStatus, elapsedMs });
  }

  #refuse(failure: Error | undefined): void {
    const [status, reason] =
      failure === undefined ? [503, 'the upstream has no node that may be used'] : [statusOf(failure), failure.message];
    refuse(this.#context, this.#state, status, reason);
  }
}

function flush(exchange: Exchange): void {
  exchange.flush();
}
