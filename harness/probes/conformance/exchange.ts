/** One request, sent as it is written, and everything that came back. */
import { hash } from 'node:crypto';
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
/** Characters of an answer that are kept as they are, and so many of one that is longer. */
const [longest, shown] = [20_000, 600];

/** Where a request goes; with a key, to the Admin API. */
export interface Place {
  readonly url: URL;
  readonly key?: string;
  /** It is the metrics page at that very address. */
  readonly isPage?: true;
}

/** The answer as text, without what differs from one gateway process to the next. */
export async function exchange(place: Place, request: ConformanceRequest, signal: AbortSignal): Promise<string> {
  const { url } = place;
  const socket = connect(Number(url.port), url.hostname);
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
    socket.write(headOf(request, place) + (pause === undefined ? body : ''), 'latin1');
    if (pause !== undefined) {
      await sleep(milliseconds(pause), undefined, { signal: limit });
      socket.write(body, 'latin1');
    }
    const over = new Promise<string>((resolve) => limit.addEventListener('abort', () => resolve('never ended')));
    const end = await Promise.race([ended.promise, over]);
    signal.throwIfAborted();
    const bitByBit = reads > fewReads && last - first > spreadMs;
    const answer = settled(plain(text, place));
    return `${short(answer)}\n-- ${end}, ${bitByBit ? 'bit by bit' : 'at once'}`;
  } catch (error) {
    signal.throwIfAborted();
    return `-- ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    socket.destroy();
  }
}

function headOf({ head, body }: ConformanceRequest, { url, key, isPage }: Place): string {
  // In the older version no body comes in chunks.
  if (isPage === true) return `GET ${url.pathname} HTTP/1.0\r\n\r\n`;
  const has = (name: string): boolean => head.some((line) => line.toLowerCase().startsWith(`${name}:`));
  const own: [string, string][] = [
    ['Host', 'conformance.test'],
    ['Connection', 'close'],
  ];
  if (key !== undefined) own.push(['X-API-KEY', key]);
  if (key !== undefined && body !== undefined)
    own.push(['Content-Type', 'application/json'], ['Content-Length', String(body.length)]);
  const more = own.flatMap(([name, value]) => (has(name.toLowerCase()) ? [] : [`${name}: ${value}`]));
  return `${[...head, ...more].join('\r\n')}\r\n\r\n`;
}

/** Without what is another in each trial by itself. */
function plain(answer: string, { key, isPage }: Place): string {
  if (isPage === true) return seriesOf(answer);
  return key === undefined ? answer : timeless(answer);
}

/** The status line, and the names of the series of a page with those of their labels. */
function seriesOf(page: string): string {
  const [status = '', ...lines] = page.split(/\r?\n/);
  const series = lines.flatMap((line) => {
    const [, name, labels = ''] = /^([a-z_:][\w:]*)(?:\{(.*)\})? \S+(?: \d+)?$/i.exec(line) ?? [];
    return name === undefined ? [] : [[name, ...labels.matchAll(/(\w+)="/g).map(([, label]) => label)].join(' ')];
  });
  return [status, ...new Set(series.toSorted())].join('\n');
}

/** Of the Admin API: when something was written, by the clock and by revisions of etcd, and how many digits that has. */
function timeless(answer: string): string {
  return answer
    .replaceAll(/^content-length: .*\r\n/gim, '')
    .replaceAll(/"(create_time|update_time|createdIndex|modifiedIndex)":"?\d+"?/g, '"$1":*')
    .replaceAll(/\b0{5,}\d+\b/g, '(made id)');
}

/** A long answer is told by its beginning, its length and its hash: a record holds hundreds of them. */
function short(answer: string): string {
  if (answer.length <= longest) return answer;
  const rest = answer.slice(shown);
  return `${answer.slice(0, shown)}… and ${rest.length} characters more, ${hash('sha256', rest).slice(0, 16)}`;
}

/** Times, names of workers and ports are others each time; some gateways tell upstreams the port they listen at. */
function settled(answer: string): string {
  return answer
    .replaceAll(/^(date|x-gateway-worker): .*\r\n/gim, '')
    .replaceAll(/\b(127\.0\.0\.1|localhost):\d+/g, '$1:*')
    .replaceAll(/^(x-forwarded-port: )\d{4,5}$/gim, '$1*')
    .replaceAll('\r', '');
}
