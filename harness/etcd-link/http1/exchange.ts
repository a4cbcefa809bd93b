/** One request and its answer over HTTP/1.1: how the answer is sent, and how the link ends it. */
import type { Refusal } from '../../../scenarios/link-faults.ts';
import type { Wire } from '../call.ts';
import type { Connection } from '../connection.ts';
import type { Unit } from '../pipeline.ts';
import type { Ending } from '../target.ts';

const lastChunk = '0\r\n\r\n';

const answers: Readonly<Record<Refusal, readonly [status: string, code: number, message: string]>> = {
  'http-429': ['429 Too Many Requests', 8, 'too many requests'],
  'http-503': ['503 Service Unavailable', 14, 'service unavailable'],
  'grpc-8': ['429 Too Many Requests', 8, 'etcdserver: too many requests'],
  'grpc-14': ['503 Service Unavailable', 14, 'etcdserver: no leader'],
};

export class Http1Exchange implements Wire {
  readonly protocol = 'json';
  readonly drained = true;
  readonly #connection: Connection;
  readonly #answered: () => void;
  /** Whether the answer's body comes in chunks. */
  chunked = false;
  #headSent = false;
  /** The link's own answer, until the request has been read to its end: clients take an earlier one for a failure. */
  #own: string | undefined;

  /** `answered` is called when the answer is complete. */
  constructor(connection: Connection, answered: () => void) {
    this.#connection = connection;
    this.#answered = answered;
  }

  send({ part, bytes }: Unit): void {
    if (part === 'head') this.#headSent = true;
    this.#connection.toClient(part === 'body' && this.chunked ? chunk(bytes) : bytes);
    if (part === 'end') this.#answered();
  }

  finish(ending: Ending): void {
    if (ending === 'cut' && !this.#headSent) this.#write(answerText('grpc-14', 'close'));
    else if (ending === 'cut' && this.chunked) this.#write(lastChunk);
    this.#connection.finish(ending);
  }

  tear(bytes: Buffer): void {
    const whole = this.chunked ? chunk(bytes) : bytes;
    this.#connection.tear(whole.subarray(0, Math.ceil(whole.length / 2)));
  }

  refuse(how: Refusal | 'refused'): void {
    if (how === 'refused') this.#connection.finish('reset');
    else this.#own = answerText(how, 'keep-alive');
  }

  requestEnded(): void {
    if (this.#own === undefined) return;
    this.#write(this.#own);
    this.#answered();
  }

  pretend(): void {
    this.#write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
  }

  #write(text: string): void {
    this.#connection.toClient(Buffer.from(text));
  }
}

/** As etcd's JSON gateway tells an error. */
function answerText(how: Refusal, connection: string): string {
  const [status, code, message] = answers[how];
  const body = JSON.stringify({ error: message, code, message });
  const fields = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: ${connection}`;
  return `HTTP/1.1 ${status}\r\n${fields}\r\n\r\n${body}`;
}

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}
