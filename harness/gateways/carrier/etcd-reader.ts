/** Reads a prefix of etcd over its JSON gateway, and waits until something under it changes. */
import { readFileSync } from 'node:fs';
import { Agent, type Dispatcher, request } from 'undici';

export interface EtcdPlace {
  readonly etcd: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** File of the authority; undefined when etcd is spoken to in the clear. */
  readonly ca: string | undefined;
  readonly prefix: string;
}

export interface Read {
  readonly values: ReadonlyMap<string, string>;
  readonly revision: number;
}

const answerWithinMs = 5_000;

export class EtcdReader {
  readonly #place: EtcdPlace;
  readonly #agent: Agent;
  readonly #range: { readonly key: string; readonly range_end: string };

  constructor(place: EtcdPlace) {
    this.#place = place;
    const { ca, prefix } = place;
    // Over HTTP/2 etcd would take a question for one in gRPC.
    const options = { bodyTimeout: 0, allowH2: false };
    this.#agent = new Agent(ca === undefined ? options : { ...options, connect: { ca: readFileSync(ca) } });
    // "0" is the character after "/".
    this.#range = { key: base64(`${prefix}/`), range_end: base64(`${prefix}0`) };
  }

  async read(): Promise<Read> {
    const { header, kvs = [] } = (await this.#ask('/v3/kv/range', this.#range)) as {
      readonly header: { readonly revision: string };
      readonly kvs?: readonly { readonly key: string; readonly value?: string }[];
    };
    const values = kvs.map(({ key, value = '' }) => [text(key), text(value)] as const);
    return { values: new Map(values), revision: Number(header.revision) };
  }

  /** Resolves when something was changed after the revision, when the watch ends, and at the latest after that time. */
  async changed({ revision }: Read, withinMs: number): Promise<void> {
    const create_request = { ...this.#range, start_revision: String(revision + 1) };
    const over = AbortSignal.timeout(withinMs);
    try {
      const body = await this.#post('/v3/watch', { create_request }, over);
      let heard = '';
      for await (const chunk of body) {
        heard += String(chunk);
        // The first message says that the watch was made; whatever else comes is news, be it that etcd ends it.
        if (/"(?:events|canceled|error)"/.test(heard)) return;
      }
    } catch (error) {
      if (!over.aborted) throw error;
    }
  }

  async #ask(path: string, question: object): Promise<unknown> {
    return (await this.#post(path, question, AbortSignal.timeout(answerWithinMs))).json();
  }

  async #post(path: string, question: object, signal: AbortSignal): Promise<Dispatcher.ResponseData['body']> {
    const headers = { 'content-type': 'application/json', ...(await this.#authorization(signal)) };
    const url = new URL(path, this.#place.etcd);
    const options = {
      method: 'POST',
      headers,
      body: JSON.stringify(question),
      dispatcher: this.#agent,
      signal,
    } as const;
    const { statusCode, body } = await request(url, options);
    if (statusCode === 200) return body;
    throw new Error(`etcd answered ${path} with ${statusCode}: ${(await body.text()).slice(0, 200)}`);
  }

  /** A new token each time: they are asked for seldom, and run out. */
  async #authorization(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const { user: name, password, etcd } = this.#place;
    if (name === undefined) return {};
    const url = new URL('/v3/auth/authenticate', etcd);
    const body = JSON.stringify({ name, password });
    const answer = await request(url, { method: 'POST', body, dispatcher: this.#agent, signal });
    const { token } = (await answer.body.json()) as { readonly token?: string };
    return token === undefined ? {} : { authorization: token };
  }
}

function base64(value: string): string {
  return Buffer.from(value).toString('base64');
}

function text(value: string): string {
  return Buffer.from(value, 'base64').toString('utf8');
}
