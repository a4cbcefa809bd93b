/** One request of the load engine: undici's dispatch handler that checks and times the answer. */
import type { Dispatcher } from 'undici';
import type { LoadTarget } from './load-messages.ts';
import type { PhaseMeter } from './phase-meters.ts';

export interface ExpectedAnswer extends LoadTarget {
  readonly body: Buffer;
}

export class Exchange implements Dispatcher.DispatchHandler {
  readonly #target: ExpectedAnswer;
  readonly #meter: PhaseMeter;
  /** Intended send, by this thread's `performance.now()`. */
  readonly dueAt: number;
  readonly #done: (exchange: Exchange) => void;
  #started = false;
  #over = false;
  #status = 0;
  #bodyBytes = 0;
  #right = true;

  constructor(target: ExpectedAnswer, meter: PhaseMeter, dueAt: number, done: (exchange: Exchange) => void) {
    this.#target = target;
    this.#meter = meter;
    this.dueAt = dueAt;
    this.#done = done;
    meter.sent(performance.now() - dueAt);
  }

  onRequestStart(): void {
    // undici then drops the request and keeps the connection for one that still has time.
    if (this.#over) throw new Error('given up before a connection was free');
    this.#started = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const expected = this.#target.body.subarray(this.#bodyBytes, this.#bodyBytes + chunk.length);
    this.#right &&= expected.equals(chunk);
    this.#bodyBytes += chunk.length;
  }

  onResponseEnd(): void {
    if (this.#over) return;
    const whole = this.#right && this.#bodyBytes === this.#target.body.length;
    if (this.#status === 200 && whole) this.#end(undefined);
    else this.#end(this.#status === 200 ? 'wrong-seq' : String(this.#status));
    // A route that is not there, that is blocked, or that answers as another one has lost its configuration; a 5xx may just be
    // overload.
    if ((this.#status === 200 && !whole) || this.#status === 403 || this.#status === 404) {
      this.#meter.wrong(this.#target.route, this.#status, this.#target.seq);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(errorKind(error));
  }

  /**
   * Its time is over. A request that waited for a connection is given up like one that waited for an answer: the client
   * had neither. The connection is left to undici's timeout: closed here, each would be followed by another with as
   * little time, and the load on a gateway that hangs would turn into a storm of connections.
   */
  giveUp(): void {
    this.#end(this.#started ? 'timeout' : 'unsent');
  }

  #end(error: string | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#meter.answered(performance.now() - this.dueAt, error);
    this.#done(this);
  }
}

function errorKind(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'refused';
  return code !== undefined && code.endsWith('_TIMEOUT') ? 'timeout' : 'reset';
}
