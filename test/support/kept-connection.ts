/** A connection that a test keeps to one worker of a gateway, to see from outside what becomes of that worker. */
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

export type Said = 'answers' | 'silent' | 'ended' | 'refused';

/** What answers at all answers within a few milliseconds. */
const silentMs = 400;
/** Of somebody new; the last one waits longer than a busy machine does. */
const patienceMs = [silentMs, silentMs, 2_500];

export class KeptConnection implements Disposable {
  readonly #socket: Socket;
  readonly #host: string;
  #text = '';

  constructor(to: URL) {
    this.#host = to.host;
    this.#socket = connect(Number(to.port), to.hostname).setEncoding('latin1');
    this.#socket.on('data', (piece) => (this.#text += String(piece)));
    this.#socket.on('error', () => undefined);
  }

  /** Of the worker that answered. */
  get worker(): string {
    return /^x-gateway-worker: (.*)$/im.exec(this.#text)?.[1]?.trim() ?? '';
  }

  /** Sends a request, and says what came in so many milliseconds. */
  async ask(withinMs: number = silentMs): Promise<Said> {
    const before = this.#text.length;
    if (this.#ended) return 'ended';
    this.#socket.write(`GET /settled/0 HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
    const signal = AbortSignal.timeout(withinMs);
    // An error is followed by the end.
    await Promise.race([once(this.#socket, 'data', { signal }), once(this.#socket, 'close', { signal })]).catch(
      () => undefined,
    );
    if (this.#text.length > before) return 'answers';
    return this.#ended ? 'ended' : 'silent';
  }

  get #ended(): boolean {
    return this.#socket.destroyed || this.#socket.readableEnded;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** One to every worker, in the order of their names. */
export async function keepOneToEach(traffic: URL, workers: number): Promise<readonly KeptConnection[]> {
  const kept = new Map<string, KeptConnection>();
  for (let tried = 0; kept.size < workers; tried++) {
    if (tried === 100) throw new Error(`only ${kept.size} of ${workers} workers were seen`);
    const connection = new KeptConnection(traffic);
    if ((await connection.ask()) !== 'answers' || kept.has(connection.worker)) connection[Symbol.dispose]();
    else kept.set(connection.worker, connection);
  }
  return [...kept.entries()].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, connection]) => connection);
}

/** What a client comes to that connects now; when nothing answers it, what another does. */
export async function askAnew(traffic: URL): Promise<Said> {
  let said: Said = 'silent';
  for (const patience of patienceMs) if (said === 'silent') said = await askOnce(traffic, patience);
  return said;
}

/** The same of one connection; it is called silent after so many milliseconds. */
export async function askOnce(traffic: URL, withinMs: number): Promise<Said> {
  const answered = fetch(new URL('/settled/0', traffic), {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(withinMs),
  });
  return answered.then(
    () => 'answers' as const,
    ({ name, cause }: Error & { cause?: { code?: string } }) =>
      name === 'TimeoutError' ? 'silent' : cause?.code === 'ECONNREFUSED' ? 'refused' : 'ended',
  );
}
