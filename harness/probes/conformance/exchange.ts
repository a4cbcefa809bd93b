/** One request, sent as it is written, and everything that came back. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConformanceRequest } from '../../../scenarios/conformance.ts';
import { milliseconds } from '../../../scenarios/duration.ts';

/** Without an end of the answer for this long, it has none. */
const withinMs = 4_000;
/**
 * An answer that came in more reads than head and body take, its first and last bytes so far apart, came bit by bit. Two reads
 * can be that far apart on a host that is busy. Milliseconds.
 */
const spreadMs = 120;
const fewReads = 2;

/** The answer as text, without what differs from one gateway process to the next. */
export async function exchange(traffic: URL, request: ConformanceRequest, signal: AbortSignal): Promise<string> {
  const socket = connect(Number(traffic.port), traffic.hostname);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  let text = '';
  let [first, last, reads] = [0, 0, 0];
  socket.on('data', (chunk) => {
    reads++;
    last = performance.now();
    if (text === '') first = last;
    text += chunk.toString('latin1');
  });
  const ended = Promise.withResolvers<string>();
  socket.once('end', () => ended.resolve('closed'));
  socket.once('error', (error) => ended.resolve((error as NodeJS.ErrnoException).code ?? error.message));
  try {
    await once(socket, 'connect', { signal: limit });
    // Together where nothing stands between: a server that refuses the head would else reset the connection over a body that
    // it has not read, and its answer can be lost by that.
    const { pause, body = '' } = request;
    socket.write(headOf(request) + (pause === undefined ? body : ''), 'latin1');
    if (pause !== undefined) {
      await sleep(milliseconds(pause), undefined, { signal: limit });
      socket.write(body, 'latin1');
    }
    const over = new Promise<string>((resolve) => limit.addEventListener('abort', () => resolve('never ended')));
    const end = await Promise.race([ended.promise, over]);
    signal.throwIfAborted();
    const bitByBit = reads > fewReads && last - first > spreadMs;
    return `${settled(text)}\n-- ${end}, ${bitByBit ? 'bit by bit' : 'at once'}`;
  } catch (error) {
    signal.throwIfAborted();
    return `-- ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    socket.destroy();
  }
}

function headOf({ head }: ConformanceRequest): string {
  const has = (name: string): boolean => head.some((line) => line.toLowerCase().startsWith(`${name}:`));
  const more = [has('host') ? [] : ['Host: conformance.test'], has('connection') ? [] : ['Connection: close']];
  return `${[...head, ...more.flat()].join('\r\n')}\r\n\r\n`;
}

/** Times, names of workers and ports are others each time; some gateways tell upstreams the port they listen at. */
function settled(answer: string): string {
  return answer
    .replaceAll(/^(date|x-gateway-worker): .*\r\n/gim, '')
    .replaceAll(/\b(127\.0\.0\.1|localhost):\d+/g, '$1:*')
    .replaceAll(/^(x-forwarded-port: )\d{4,5}$/gim, '$1*')
    .replaceAll('\r', '');
}
