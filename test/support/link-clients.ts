/** Raw clients of the far side of the etcd link, alike in both protocols: what they see is what a gateway sees. */
import { request } from 'node:http';
import { Client, type ServiceError, credentials, status } from '@grpc/grpc-js';
import { prefixRange } from './json-watch.ts';
import { watchPrefix } from './link.ts';

export interface SeenWatch extends Disposable {
  readonly created: number;
  /** Keys of the events, in order of arrival. */
  readonly keys: readonly string[];
  /** Revisions of the headers of messages with events. */
  readonly revisions: readonly number[];
  /** Up to which revisions etcd says that it has compacted, in cancellations. */
  readonly compacted: readonly number[];
  /**
   * How it ended; undefined while it lives. gRPC: `code 14`. HTTP/1.1: `end` of a whole body, `broken off` within one,
   * `reset`, or `status 503`.
   */
  readonly ended: string | undefined;
}

export interface SeenAnswer {
  /** `ok`, or as `SeenWatch.ended` has it; `silent` when nothing came in time. */
  readonly how: string;
  /** Of the body. */
  readonly bytes: number;
  readonly afterMs: number;
}

export interface LinkClient {
  readonly protocol: 'grpc' | 'json';
  watch(address: URL, prefix: string, fromRevision?: number): SeenWatch;
  /** Reads a prefix, on a connection of its own. */
  range(address: URL, prefix: string, patienceMs?: number): Promise<SeenAnswer>;
}

const json: LinkClient = {
  protocol: 'json',
  watch(address, prefix, fromRevision) {
    const state = {
      created: 0,
      keys: [] as string[],
      revisions: [] as number[],
      compacted: [] as number[],
      ended: undefined as string | undefined,
    };
    const body = { create_request: { ...prefixRange(prefix), start_revision: fromRevision } };
    let text = '';
    const call = send(
      address,
      '/v3/watch',
      body,
      (chunk) => {
        const lines = `${text}${chunk.toString()}`.split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) take(line);
      },
      (how) => (state.ended = how),
    );
    const take = (line: string): void => {
      const { result } = JSON.parse(line) as { result: JsonResult };
      if (result.created === true) state.created++;
      if (result.canceled === true) state.compacted.push(Number(result.compact_revision));
      if (result.events !== undefined) state.revisions.push(Number(result.header.revision));
      for (const { kv } of result.events ?? []) state.keys.push(Buffer.from(kv.key, 'base64').toString());
    };
    return Object.assign(state, { [Symbol.dispose]: () => void call.destroy() });
  },
  range(address, prefix, patienceMs = 20_000) {
    const startMs = performance.now();
    let bytes = 0;
    return new Promise((resolve) => {
      const end = (how: string): void => {
        clearTimeout(timer);
        call.destroy();
        resolve({ how: how === 'end' ? 'ok' : how, bytes, afterMs: performance.now() - startMs });
      };
      const timer = setTimeout(() => end('silent'), patienceMs);
      const call = send(address, '/v3/kv/range', prefixRange(prefix), (chunk) => (bytes += chunk.length), end);
    });
  },
};

interface JsonResult {
  readonly header: { readonly revision: string };
  readonly created?: boolean;
  readonly canceled?: boolean;
  readonly compact_revision?: string;
  readonly events?: readonly { readonly kv: { readonly key: string } }[];
}

function send(
  address: URL,
  path: string,
  body: object,
  onData: (chunk: Buffer) => void,
  onEnd: (how: string) => void,
): ReturnType<typeof request> {
  let ended = false;
  const first = (how: string): void => {
    if (!ended) onEnd(how);
    ended = true;
  };
  const call = request(new URL(path, address), { method: 'POST', agent: false });
  // An error of the socket; the error of an answer whose connection merely ended is the answer's alone.
  call.on('error', () => first('reset'));
  call.on('response', (response) => {
    if (response.statusCode !== 200) first(`status ${response.statusCode}`);
    response.on('data', onData);
    response.on('end', () => first('end'));
    response.on('error', () => first('broken off'));
  });
  call.end(JSON.stringify(body));
  return call;
}

const same = (bytes: Buffer): Buffer => bytes;

const grpc: LinkClient = {
  protocol: 'grpc',
  watch(address, prefix, fromRevision = 0) {
    const watch = watchPrefix(address, prefix, fromRevision);
    return {
      get created() {
        return watch.created;
      },
      get keys() {
        return watch.keys;
      },
      get revisions() {
        return watch.revisions;
      },
      get compacted() {
        return watch.compacted;
      },
      get ended() {
        return watch.ended === undefined ? undefined : `code ${watch.ended}`;
      },
      [Symbol.dispose]: () => watch[Symbol.dispose](),
    };
  },
  range(address, prefix, patienceMs = 20_000) {
    const startMs = performance.now();
    const client = new Client(address.host, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
      'grpc.max_receive_message_length': -1,
    });
    return new Promise((resolve) => {
      const options = { deadline: Date.now() + patienceMs };
      const end = (error: ServiceError | null, answer?: Buffer): void => {
        client.close();
        const how = error === null ? 'ok' : error.code === status.DEADLINE_EXCEEDED ? 'silent' : `code ${error.code}`;
        resolve({ how, bytes: answer?.length ?? 0, afterMs: performance.now() - startMs });
      };
      client.makeUnaryRequest('/etcdserverpb.KV/Range', same, same, rangeRequest(prefix), options, end);
    });
  },
};

/** RangeRequest{key=1, range_end=2}; prefixes of tests are shorter than 128 bytes. */
function rangeRequest(prefix: string): Buffer {
  const { key, range_end: rangeEnd } = prefixRange(prefix);
  const fields = [key, rangeEnd].map((text, index) => {
    const bytes = Buffer.from(text, 'base64');
    return Buffer.concat([Buffer.of(((index + 1) << 3) | 2, bytes.length), bytes]);
  });
  return Buffer.concat(fields);
}

export const linkClients: readonly LinkClient[] = [grpc, json];
