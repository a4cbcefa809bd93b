/** JSON watches that do not come as most do, over HTTP/2, with a query, by an old path: none of them is one more watch at etcd. */
import { connect } from 'node:http2';
import { request } from 'node:http';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { putBy } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { type WatchLine, prefixRange } from '../../support/json-watch.ts';
import { type TestWatchProxy, startWatchProxy } from '../../support/watch-proxy.ts';

let etcd: TestEtcd;
let proxy: TestWatchProxy;
beforeAll(async () => {
  etcd = await startEtcd();
  proxy = await startWatchProxy(etcd.url);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

interface Watch extends Disposable {
  readonly lines: readonly WatchLine[];
  readonly ended: boolean;
}

const body = JSON.stringify({ create_request: prefixRange('/apisix/') });

interface Seen {
  readonly lines: WatchLine[];
  ended: boolean;
}

function read(answer: Readable, seen: Seen): void {
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = `${text}${chunk}`.split('\n');
    text = parts.pop() ?? '';
    seen.lines.push(...parts.map((line) => JSON.parse(line) as WatchLine));
  });
  answer.on('end', () => (seen.ended = true)).on('error', () => undefined);
}

function overHttp2(path: string): Watch {
  const session = connect(proxy.url);
  session.on('error', () => undefined);
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/json' });
  const seen: Seen = { lines: [], ended: false };
  read(stream, seen);
  stream.end(body);
  return Object.assign(seen, { [Symbol.dispose]: () => session.destroy() });
}

function overHttp1(path: string): Watch {
  const outgoing = request(new URL(path, proxy.url), { method: 'POST', agent: false });
  const seen: Seen = { lines: [], ended: false };
  outgoing.on('error', () => undefined);
  outgoing.on('response', (response) => read(response, seen));
  outgoing.end(body);
  return Object.assign(seen, { [Symbol.dispose]: () => void outgoing.destroy() });
}

const keys = ({ lines }: Watch): readonly string[] =>
  lines
    .flatMap(({ result }) => result?.events ?? [])
    .map(({ kv }) => Buffer.from(kv['key'] ?? '', 'base64').toString());

test('each gets every event from the one watch that the proxy has, and its stream ends when the proxy stops', async () => {
  await using stopping = new AsyncDisposableStack();
  const watches = [
    overHttp2('/v3/watch'),
    overHttp2('/v3/watch'),
    overHttp2('/v3/watch?pretty'),
    overHttp1('/v3/watch?x=1'),
    overHttp1('/v3/watch?'),
    // As old clients name it, and etcd still knows it.
    overHttp1('/v3beta/watch'),
  ].map((watch) => stopping.use(watch));
  await until(() => watches.every(({ lines }) => lines[0]?.result?.created === true), 'each is created');
  expect(await proxy.metric('watch_proxy_watchers')).toBe(watches.length);
  expect(await putBy(etcd.url, '/apisix/a', 'x'.repeat(40_000))).toBe(200);
  expect(await putBy(etcd.url, '/apisix/b', '1')).toBe(200);
  await until(() => watches.every((watch) => keys(watch).length === 2), 'each has both');
  for (const watch of watches) expect(keys(watch)).toEqual(['/apisix/a', '/apisix/b']);
  const metrics = await (await fetch(new URL('/metrics', etcd.url))).text();
  expect(/^etcd_debugging_mvcc_watcher_total (\d+)$/m.exec(metrics)?.[1]).toBe('1');
  process.kill(proxy.pid, 'SIGTERM');
  await until(() => watches.every(({ ended }) => ended), 'each is ended, not cut');
  expect(await proxy.exited).toBe(0);
});
