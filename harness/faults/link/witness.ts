/** A client of the injector's own on the far side of the etcd link, in etcd's JSON: what it sees is what a gateway sees. */
import { request } from 'node:http';
import { request as requestOverTls } from 'node:https';
import type { EtcdLink } from '../../model/etcd-link.ts';

/** What came of one call. */
export interface Seen {
  /** HTTP status; `reset` when the connection ended without one, `silent` when nothing came in time. */
  readonly answer: number | 'reset' | 'silent';
  /** Whether bytes of a body came. */
  readonly body: boolean;
  readonly afterMs: number;
}

/** Outside every prefix of a gateway. */
const key = Buffer.from('gatecrash-witness').toString('base64');

export interface WitnessCall {
  readonly path: string;
  readonly body: object;
}

export const readKey: WitnessCall = { path: '/v3/kv/range', body: { key } };
export const watchKey: WitnessCall = { path: '/v3/watch', body: { create_request: { key } } };

/** One call on a connection of its own, which is looked at until the first bytes of the body or for so long. */
export function look({ address }: EtcdLink, { path, body }: WitnessCall, patienceMs: number): Promise<Seen> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const options = { method: 'POST', agent: false } as const;
    const url = new URL(path, address);
    // Whom it trusts is another matter.
    const over = { ...options, rejectUnauthorized: false };
    const call = address.protocol === 'https:' ? requestOverTls(url, over) : request(url, options);
    let answer: Seen['answer'] = 'silent';
    const end = (body: boolean): void => {
      clearTimeout(timer);
      call.destroy();
      resolve({ answer, body, afterMs: performance.now() - startMs });
    };
    const timer = setTimeout(() => end(false), patienceMs);
    call.on('error', () => {
      if (answer === 'silent') answer = 'reset';
      end(false);
    });
    call.on('response', (response) => {
      answer = response.statusCode ?? 0;
      response.once('data', () => end(true)).once('end', () => end(false));
      response.on('error', () => end(false));
    });
    call.end(JSON.stringify(body));
  });
}
