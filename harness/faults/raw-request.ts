/** A request of an injector's own over TCP, or over TLS where the address says so: everything that came of it, as anybody on that side of a hop would see it. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { World } from '../model/ports.ts';

export interface Seen {
  /** How the connection ended; `open` when it had not within the patience, `cut` when no more than that can be seen. */
  readonly end: 'closed' | 'reset' | 'refused' | 'cut' | 'open';
  /** HTTP status; undefined when no whole head came. */
  readonly status: number | undefined;
  /** Milliseconds from the start to the first and the last byte and to the end. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly endMs: number;
  /** Pieces in which the bytes came. */
  readonly pieces: number;
  readonly body: string;
  /** Content-Length; undefined when the head has none. */
  readonly promised: number | undefined;
}

export interface RawRequest {
  readonly path: string;
  /** So many bytes more in the head. */
  readonly padding?: number;
  /** Else the other side is asked to close the connection after its answer. */
  readonly keepOpen?: boolean;
  /** Milliseconds until what has not ended is left alone. */
  readonly patienceMs: number;
}

/** A GET on a connection of its own. Never rejects. */
export function request(to: URL, { path, padding = 0, keepOpen = false, patienceMs }: RawRequest): Promise<Seen> {
  const startMs = performance.now();
  const elapsed = (): number => performance.now() - startMs;
  const { promise, resolve } = Promise.withResolvers<Seen>();
  const seen = {
    text: '',
    pieces: 0,
    firstMs: undefined as number | undefined,
    lastMs: undefined as number | undefined,
  };
  const address = { host: to.hostname, port: Number(to.port) };
  // What it asks about is the hop, and not whose certificate is shown.
  const socket = to.protocol === 'https:' ? connectTls({ ...address, rejectUnauthorized: false }) : connect(address);
  socket.setEncoding('latin1');
  const over = (end: Seen['end']): void => {
    clearTimeout(patience);
    socket.destroy();
    const { pieces, firstMs, lastMs } = seen;
    resolve({ end, pieces, firstMs, lastMs, endMs: elapsed(), ...readAnswer(seen.text) });
  };
  const patience = setTimeout(() => over('open'), patienceMs);
  socket.on('data', (piece) => {
    seen.text += String(piece);
    seen.pieces++;
    seen.firstMs ??= elapsed();
    seen.lastMs = elapsed();
  });
  socket.once('end', () => over('closed'));
  socket.on('error', ({ code }: NodeJS.ErrnoException) => over(code === 'ECONNREFUSED' ? 'refused' : 'reset'));
  const pad = padding > 0 ? `X-Padding: ${'x'.repeat(padding)}\r\n` : '';
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${to.host}\r\nConnection: ${keepOpen ? 'keep-alive' : 'close'}\r\n${pad}\r\n`,
  );
  return promise;
}

/**
 * What can be said of it where the port proxy of an engine stands between, which takes every connection: one without a whole
 * answer was cut, and whether it was refused or reset is hidden.
 */
export function seenIn({ seesRefusals }: Pick<World, 'seesRefusals'>, seen: Seen): Seen {
  const { end, status, promised = 0, body } = seen;
  const whole = status !== undefined && body.length >= promised;
  return seesRefusals || whole || end === 'open' ? seen : { ...seen, end: 'cut' };
}

/** As far as can be seen. */
export function isRefused({ end }: Seen): boolean {
  return end === 'refused' || end === 'cut';
}

/** As far as can be seen. */
export function isReset({ end }: Seen): boolean {
  return end === 'reset' || end === 'cut';
}

function readAnswer(text: string): Pick<Seen, 'status' | 'body' | 'promised'> {
  const headEnds = text.indexOf('\r\n\r\n');
  if (headEnds < 0) return { status: undefined, body: '', promised: undefined };
  const head = text.slice(0, headEnds);
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  return {
    status: status === undefined ? undefined : Number(status),
    body: text.slice(headEnds + 4),
    promised: length === undefined ? undefined : Number(length),
  };
}

/** What became of it, as the end of a sentence. */
export function outcome({ end, status, endMs }: Seen): string {
  if (status !== undefined) return `answered ${status}`;
  return {
    closed: 'closed without an answer',
    reset: 'reset',
    refused: 'refused',
    cut: 'cut, refused or reset',
    open: `without an answer for ${endMs.toFixed(0)} ms`,
  }[end];
}
