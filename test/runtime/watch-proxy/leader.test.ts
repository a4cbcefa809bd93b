/** A member of etcd that has lost the others: it answers, keeps its watches open, and nothing that it says is news. */
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { type RawWatchResponse, rpc } from '../../../gateway/etcd/rpc.ts';
import { startEtcdCluster } from '../../support/etcd.ts';
import { putBy } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { startWatchProxy } from '../../support/watch-proxy.ts';

const request = { create_request: prefixRange('/apisix/') };
/** As etcd's JSON gateway takes what is meant for gRPC. */
const wantsLeader = { 'grpc-metadata-hasleader': 'true' };

interface GrpcWatch extends Disposable {
  readonly responses: number;
  /** How it ended; undefined while it lives. */
  readonly error: string | undefined;
}

/** With what `WithRequireLeader` of etcd's own client sends. */
function watchWithLeader(url: URL): GrpcWatch {
  const client = new Client(url.host, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const { path, requestSerialize, responseDeserialize } = rpc.watch;
  const metadata = new Metadata();
  metadata.set('hasleader', 'true');
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
  const seen = { responses: 0, error: undefined as string | undefined };
  stream.on('error', (error) => (seen.error = error.message));
  stream.on('data', (_response: RawWatchResponse) => seen.responses++);
  stream.write({ create_request: { key: Buffer.from('/apisix/'), range_end: Buffer.from('/apisix0') } });
  return {
    get responses() {
      return seen.responses;
    },
    get error() {
      return seen.error;
    },
    [Symbol.dispose]() {
      stream.cancel();
      client.close();
    },
  };
}

async function askToWatch(url: URL): Promise<{ readonly status: number; readonly text: string }> {
  const body = JSON.stringify(request);
  const answer = await fetch(new URL('/v3/watch', url), { method: 'POST', body, headers: wantsLeader });
  return { status: answer.status, text: await answer.text() };
}

function read(url: URL, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify({ ...prefixRange('/apisix/'), serializable: true });
  return fetch(new URL('/v3/kv/range', url), { method: 'POST', body, headers });
}

async function staleMs(url: URL): Promise<number> {
  const { ok, headers } = await read(url);
  expect(ok).toBe(true);
  return Number(headers.get('x-watch-proxy-stale-ms'));
}

test('it is no etcd to follow: the proxy says so, and ends the streams of clients that want a leader', async () => {
  await using stack = new AsyncDisposableStack();
  const [alone, ...others] = (await startEtcdCluster()).map((member) => stack.use(member));
  if (alone === undefined) throw new Error('there are three');
  const write = (key: string): Promise<void> =>
    until(async () => (await putBy(alone.url, key, '1')) === 200, 'etcd takes a write');
  await write('/apisix/a');
  await using proxy = await startWatchProxy(alone.url);
  using atEtcd = openJsonWatch(alone.url, [request], wantsLeader);
  using json = openJsonWatch(proxy.url, [request], wantsLeader);
  using grpc = watchWithLeader(proxy.url);
  using stays = openJsonWatch(proxy.url, [request]);
  await until(() => [atEtcd, json, stays].every(({ lines }) => lines.length > 0) && grpc.responses > 0, 'all watch');
  for (const { pid } of others) process.kill(pid, 'SIGKILL');
  await until(async () => (await proxy.metric('watch_proxy_upstream_watches')) === 0, 'the proxy does not believe it');
  await until(async () => (await fetch(new URL('/health', proxy.status))).status === 503, 'nor says that it does');
  await until(async () => (await staleMs(proxy.url)) > 0, 'its reads are marked as old');
  await Promise.all([atEtcd.ended, json.ended]);
  await until(() => grpc.error !== undefined, 'over gRPC, too');
  const noLeader = { code: 14, message: 'etcdserver: no leader' };
  expect(atEtcd.lines.at(-1)?.error).toMatchObject(noLeader);
  expect(json.lines.at(-1)?.error).toEqual(noLeader);
  expect(grpc.error).toBe('14 UNAVAILABLE: etcdserver: no leader');
  for (const { status, text } of await Promise.all([alone.url, proxy.url].map(askToWatch))) {
    expect([status, text]).toEqual([503, expect.stringContaining('etcdserver: no leader')]);
  }
  const reads = await Promise.all([alone.url, proxy.url].map((url) => read(url, wantsLeader)));
  expect(reads.map(({ status }) => status)).toEqual([503, 503]);
  using late = watchWithLeader(proxy.url);
  await until(() => late.error !== undefined, 'one that comes now is told at once');
  expect([late.error, late.responses]).toEqual([grpc.error, 0]);
  await Promise.all(others.map((other) => other.restart('keep')));
  await write('/apisix/b');
  await until(() => stays.events().some((event) => event.startsWith('put /apisix/b ')), 'who stayed goes on');
  expect(stays.lines.some(({ result }) => result?.canceled === true)).toBe(false);
  using again = watchWithLeader(proxy.url);
  await until(() => again.responses > 0, 'who comes again is served');
});
