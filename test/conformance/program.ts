/** Runs the same requests at an etcd and at a watch proxy before another etcd, and tells where the answers differ. */
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEtcd } from '../support/etcd.ts';
import { startWatchProxy } from '../support/watch-proxy.ts';
import { authRows } from './auth-rows.ts';
import { etcdctlRows } from './etcdctl-rows.ts';
import { grpcMirrorRows, grpcRows } from './grpc-rows.ts';
import { askJson, base64, jsonRows, mirrorRows } from './json-rows.ts';
import { largeRows } from './large-rows.ts';
import { progressMs, progressRows } from './progress-rows.ts';
import { type Answer, type Row, comparable } from './row.ts';
import { watchRows } from './watch-rows.ts';

export interface Result {
  readonly row: Row;
  readonly direct: Answer;
  readonly through: Answer;
  readonly same: boolean;
}

/** How long the mirror may be behind. Milliseconds. */
const behindMs = 5_000;

/** Two of etcd that see the same requests in the same order, so that revisions are the same too. */
export async function runProgram(withEtcdctl: boolean): Promise<readonly Result[]> {
  const options = { progressNotifyInterval: `${progressMs}ms` };
  await using straight = await startEtcd(options);
  await using behind = await startEtcd(options);
  const value = base64('x'.repeat(100));
  for (let n = 0; n < 30; n++) {
    const body = JSON.stringify({ key: base64(`/apisix/old/${n % 4}`), value });
    for (const { url } of [straight, behind]) await askJson(url, '/v3/kv/put', { body });
  }
  await using proxy = await startWatchProxy(behind.url, { WATCH_PROXY_PROGRESS_MS: `${progressMs}` });
  const rows = [
    ...jsonRows,
    ...grpcRows,
    ...mirrorRows,
    ...grpcMirrorRows,
    ...watchRows('10'),
    ...largeRows,
    ...progressRows,
    ...(withEtcdctl ? etcdctlRows : []),
    ...authRows,
  ];
  const results: Result[] = [];
  for (const row of rows) {
    const direct = await row.ask(straight.url, straight.url);
    const deadline = Date.now() + (row.mirrored ? behindMs : 0);
    let through = await row.ask(proxy.url, behind.url);
    while (row.mirrored && !isSame(direct, through) && Date.now() < deadline) {
      await sleep(20);
      through = await row.ask(proxy.url, behind.url);
    }
    results.push({ row, direct, through, same: isSame(direct, through) });
  }
  return results;
}

function isSame(a: Answer, b: Answer): boolean {
  return isDeepStrictEqual(comparable(a), comparable(b));
}

/** Markdown, one line for each request. */
export function tableOf(results: readonly Result[]): string {
  const lines = results.map(({ row, direct, through, same }) => {
    const answer = same ? 'the same' : `**${through.summary}**, not the same`;
    return `| ${row.area} | ${row.what} | ${row.way} | ${direct.summary} | ${answer} |`;
  });
  return ['| area | request | way | etcd | through the proxy |', '| --- | --- | --- | --- | --- |', ...lines].join(
    '\n',
  );
}

export function documentOf(results: readonly Result[]): string {
  const same = results.filter((result) => result.same).length;
  return `# What clients see through the watch proxy

Written by \`make conformance\`: one program runs at an etcd, and at a watch proxy before another etcd that has seen the same.
Compared is the whole answer: status, fields, values, revisions, error codes and texts, and of a watch every event in its
order. Ids of cluster, members and terms, sizes and times differ between any two etcds and are left out; so is, of a watch, what
depends on how events are put together: where a large response is cut, and the store's revision in the headers, but for that of
a watch from now when it is created and that of progress.

${same} of ${results.length} requests are answered the same.

${tableOf(results)}
`;
}
