/** One request over plain TCP, and everything that came of it: a witness that has no part in the harness. */
import { connect } from 'node:net';

export interface Exchange {
  readonly text: string;
  /** `end`, the code of the error, or `open` when it had not ended in time. */
  readonly how: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly endMs: number;
  readonly pieces: number;
}

/** The far side is to close after its answer. */
export const closing = 'Connection: close\r\n';

export function exchange(to: URL, path: string, withinMs = 3_000, headers: string = closing): Promise<Exchange> {
  const started = performance.now();
  const state = { text: '', firstMs: 0, lastMs: 0, pieces: 0 };
  return new Promise((resolve) => {
    const socket = connect({ port: Number(to.port), host: to.hostname });
    const end = (how: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...state, how, endMs: performance.now() - started });
    };
    const timer = setTimeout(() => end('open'), withinMs);
    socket.on('data', (piece) => {
      state.text += piece.toString('latin1');
      state.pieces++;
      state.lastMs = performance.now() - started;
      state.firstMs ||= state.lastMs;
    });
    socket.on('end', () => end('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    // Not ended by us: proxies below HTTP take a half-closed connection for a closed one.
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${to.host}\r\n${headers}\r\n`);
  });
}
