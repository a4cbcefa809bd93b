/** The control side of a process that can be told to break, as the harness holds it: with the heartbeat that keeps a fault alive. */
import { type ErrorCode, HarnessError } from '../model/errors.ts';
import type { Heartbeat } from './server.ts';

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

/** What is kept broken by a heartbeat. Disposing it ends that. */
export interface KeptByHeartbeat extends Disposable {
  /**
   * Rejects with HEARTBEAT_MISSED once it has healed itself, because the harness stood still for too long: its faults have
   * then not held as long as the evidence says. Else it never settles.
   */
  readonly healedItself: Promise<never>;
}

export function connectControl(controlled: Controlled): { readonly ask: Ask } & KeptByHeartbeat {
  const ask: Ask = (method, path, body) => exchange(controlled, method, path, body);
  const { promise: healedItself, reject } = Promise.withResolvers<never>();
  healedItself.catch(() => undefined);
  const beat = async (): Promise<void> => {
    const answer = (await ask('POST', '/heartbeat')) as Heartbeat;
    const why = `${controlled.name} did not hear from the harness in time and has ended its faults by itself`;
    if (answer.healedItself) reject(new HarnessError('HEARTBEAT_MISSED', why, { hint: 'the host is too busy' }));
  };
  // One that is gone is noticed by whoever asks it for something.
  const heartbeat = setInterval(() => void beat().catch(() => undefined), heartbeatEveryMs).unref();
  return { ask, healedItself, [Symbol.dispose]: () => clearInterval(heartbeat) };
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
