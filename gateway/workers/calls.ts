/** Questions and answers between master and worker, over the channel that cluster gives them. */

export interface Call {
  readonly kind: 'call';
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly kind: 'answer';
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

export interface Caller {
  /** Rejects when the other side says so, or does not answer in time. Milliseconds. */
  call(name: string, argument: unknown, withinMs: number): Promise<unknown>;
  /** To be given every message that comes; others than answers are left alone. */
  take(message: unknown): void;
}

export function createCaller(send: (call: Call) => void): Caller {
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  return {
    call(name, argument, withinMs) {
      const id = ++last;
      return new Promise((resolve, reject) => {
        const tooLate = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`no answer to "${name}" within ${withinMs} ms`));
        }, withinMs);
        waiting.set(id, ({ value, error }) => {
          clearTimeout(tooLate);
          waiting.delete(id);
          if (error === undefined) resolve(value);
          else reject(new Error(error));
        });
        send({ kind: 'call', id, name, argument });
      });
    },
    take(message) {
      if (isKind<Answer>(message, 'answer')) waiting.get(message.id)?.(message);
    },
  };
}

/** Answers a message when it is a call. An error travels by its words. */
export function answerCall(message: unknown, handlers: Handlers, send: (answer: Answer) => void): void {
  if (!isKind<Call>(message, 'call')) return;
  const { id, name, argument } = message;
  const failed = (error: unknown): void =>
    send({ kind: 'answer', id, error: error instanceof Error ? error.message : String(error) });
  try {
    const handler = handlers[name];
    if (handler === undefined) throw new Error(`nobody answers "${name}"`);
    const value = handler(argument as never);
    if (value instanceof Promise) value.then((late: unknown) => send({ kind: 'answer', id, value: late }), failed);
    else send({ kind: 'answer', id, value });
  } catch (error) {
    failed(error);
  }
}

function isKind<T extends { readonly kind: string }>(message: unknown, kind: T['kind']): message is T {
  return typeof message === 'object' && message !== null && (message as { readonly kind?: unknown }).kind === kind;
}
