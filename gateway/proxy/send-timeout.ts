/** Time limits of a body that streams: how long the upstream may not take it, and then not answer. */
import type { PassThrough } from 'node:stream';
import type { Timeouts } from '../config/config-objects.ts';

export const sendTimedOut = 'GATEWAY_SEND_TIMEOUT';
export const answerTimedOut = 'GATEWAY_ANSWER_TIMEOUT';

/**
 * Calls `expired` once with the reason; the returned function ends the watch. A client that is slow to send is not the
 * upstream's fault: only while undici holds the body back (its socket buffer of 64 KiB is full) does the send time run,
 * and the read time only when the whole body is out.
 */
export function watchSending(
  body: PassThrough,
  { sendMs, readMs }: Timeouts,
  expired: (reason: Error) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const clear = (): void => clearTimeout(timer);
  const arm = (ms: number, message: string, code: string): void => {
    clear();
    timer = setTimeout(() => expired(Object.assign(new Error(message), { code })), ms);
  };
  const held = (): void => arm(sendMs, 'the upstream does not take the request', sendTimedOut);
  const sent = (): void => arm(readMs, 'the upstream does not answer', answerTimedOut);
  const stop = (): void => {
    clear();
    body.off('pause', held).off('resume', clear).off('end', sent).off('close', stopUnsent);
  };
  // Closed by undici before its end: nobody is sending any more. After its end the answer is still awaited.
  const stopUnsent = (): void => {
    if (!body.readableEnded) stop();
  };
  body.on('pause', held).on('resume', clear).on('end', sent).on('close', stopUnsent);
  return stop;
}
