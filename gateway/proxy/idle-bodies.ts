/**
 * Bodies that clients have begun to send. How long one takes is the client's affair; whoever does not go on with it is
 * refused. All of them are looked at now and then: a timer for each would cost every short POST more than it is worth.
 */
import type { PassThrough } from 'node:stream';
import type { Served } from './gateway-state.ts';
import type { RequestContext } from './request-context.ts';
import { refuse } from './send-answer.ts';

export const bodyTimedOut = 'GATEWAY_BODY_TIMEOUT';

const reason = 'the rest of the request did not come';
/** So many looks in the time that a body may stand still. */
const looks = 8;

/** What the connection of a body had brought at a look, and since when no more has come. */
interface Progress {
  readonly bytes: number;
  readonly sinceMs: number;
}

type Expired = (context: RequestContext, streamed: PassThrough | undefined) => void;

export class IdleBodies {
  readonly #idleMs: number;
  readonly #expired: Expired;
  /** Each with the stream on which it goes to the upstream, where it does not wait for its end. */
  readonly #open = new Map<RequestContext, PassThrough | undefined>();
  #progress = new Map<RequestContext, Progress>();

  constructor(idleMs: number, expired: Expired) {
    this.#idleMs = idleMs;
    this.#expired = expired;
    setInterval(() => this.#look(performance.now()), idleMs / looks).unref();
  }

  begun(context: RequestContext, streamed?: PassThrough): void {
    this.#open.set(context, streamed);
  }

  ended(context: RequestContext): void {
    this.#open.delete(context);
  }

  #look(nowMs: number): void {
    const former = this.#progress;
    this.#progress = new Map();
    for (const [context, streamed] of this.#open) {
      const { request } = context;
      const last = former.get(context);
      if (request.complete || request.destroyed) this.#open.delete(context);
      else if (last === undefined || last.bytes !== request.socket.bytesRead || isHeldBack(context)) {
        this.#progress.set(context, { bytes: request.socket.bytesRead, sinceMs: nowMs });
      } else if (nowMs - last.sinceMs < this.#idleMs) this.#progress.set(context, last);
      else {
        this.#open.delete(context);
        this.#expired(context, streamed);
      }
    }
  }
}

/** By an upstream that does not take it, which has a time limit of its own. */
function isHeldBack({ request, response }: RequestContext): boolean {
  return request.isPaused() && !response.writableEnded;
}

/** 408, where no answer is on its way; the connection ends with it. */
export function refuseIdle(context: RequestContext, streamed: PassThrough | undefined, served: Served): void {
  const { request, response } = context;
  response.shouldKeepAlive = false;
  if (response.headersSent) request.destroy();
  else if (streamed === undefined || streamed.destroyed) refuse(context, served, 408, reason);
  // Whoever sends it on answers for it.
  else streamed.destroy(Object.assign(new Error(reason), { code: bodyTimedOut }));
}
