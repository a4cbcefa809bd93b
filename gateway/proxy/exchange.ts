/** One request on its way through: undici's dispatch handler, writing the upstream's answer to the client as it comes. */
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { responseHeaders } from './headers.ts';

type Controller = Dispatcher.DispatchController;

export interface ExchangeEnd {
  /** Failed before anything of an answer had come: it may be tried elsewhere. */
  failedBeforeAnswer(error: Error): void;
  served(status: number): void;
}

export class Exchange implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  readonly #workerId: string;
  readonly #end: ExchangeEnd;
  #controller: Controller | undefined;
  #head: { readonly status: number; readonly message: string; readonly headers: string[] } | undefined;
  #held: Buffer | undefined;

  constructor(response: ServerResponse, workerId: string, end: ExchangeEnd) {
    this.#response = response;
    this.#workerId = workerId;
    this.#end = end;
    response.once('close', this.#onClose);
  }

  readonly #onClose = (): void => {
    // The client has gone: there is nobody to finish for.
    if (!this.#response.writableFinished) this.#controller?.abort(new Error('the client closed the connection'));
  };

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#response.destroyed) controller.abort(new Error('the client closed the connection'));
  }

  onResponseStart(controller: Controller, status: number, _headers: object, message = ''): void {
    // Informational answers belong to this hop only.
    if (status < 200) return;
    const raw = (controller.rawHeaders ?? []) as readonly (Buffer | string)[];
    this.#head = { status, message, headers: responseHeaders(raw, this.#workerId) };
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    // The first chunk waits for the second or for the end: a short answer leaves in one write with its head.
    if (this.#head !== undefined && this.#held === undefined) {
      this.#held = chunk;
      queueMicrotask(this.#flush);
      return;
    }
    this.#flush();
    if (!this.#response.write(chunk)) {
      controller.pause();
      this.#response.once('drain', () => controller.resume());
    }
  }

  readonly #flush = (): void => {
    const head = this.#writeHead();
    if (head && this.#held !== undefined) this.#response.write(this.#held);
  };

  /** False when it had been written. */
  #writeHead(): boolean {
    if (this.#head === undefined || this.#response.destroyed) return false;
    const { status, message, headers } = this.#head;
    this.#response.writeHead(status, message, headers);
    this.#head = undefined;
    this.#end.served(status);
    return true;
  }

  onResponseEnd(): void {
    const first = this.#writeHead();
    if (first && this.#held !== undefined) this.#response.end(this.#held);
    else this.#response.end();
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#response.off('close', this.#onClose);
    if (this.#response.destroyed) return;
    // Half an answer cannot be taken back: the client must see that it was cut off.
    if (this.#response.headersSent) this.#response.destroy();
    else if (this.#head !== undefined) this.#response.destroy();
    else this.#end.failedBeforeAnswer(error);
  }
}
