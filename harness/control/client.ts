/** The control side of a process that can be told to break, as the harness holds it: with the heartbeat that keeps a fault alive. */
import { type ErrorCode, HarnessError } from '../model/errors.ts';

/** A third of the patience of whoever is controlled. Milliseconds. */
const heartbeatEveryMs = 1_000;
const answerWithinMs = 5_000;

export interface Controlled {
  /** Such as `the etcd link`. */
  readonly name: string;
  readonly address: URL;
  /** Of the error when it does not answer, or not well. */
  readonly code: ErrorCode;
}

/** Rejects with the code when it does not answer well. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;

/** Disposing it ends the heartbeat. */
export function connectControl(controlled: Controlled): { readonly ask: Ask } & Disposable {
  const ask: Ask = (method, path, body) => exchange(controlled, method, path, body);
  const heartbeat = setInterval(() => {
    // One that is gone is noticed by whoever asks it for something.
    void ask('POST', '/heartbeat').catch(() => undefined);
  }, heartbeatEveryMs).unref();
  return { ask, [Symbol.dispose]: () => clearInterval(heartbeat) };
}

async function exchange(
  { name, address, code }: Controlled,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<unknown> {
  const what = `${method} ${path} of ${name} at ${address.host}`;
  let answer: Response;
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    answer = await fetch(new URL(path, address), {
      method,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new HarnessError(code, `${what} failed`, { cause });
  }
  const text = await answer.text();
  if (!answer.ok) throw new HarnessError(code, `${what} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
