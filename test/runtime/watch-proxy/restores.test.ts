/** What operators do after a disaster: `etcdutl snapshot restore`, plain and with bumped revisions, under clients of the proxy. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { saveSnapshot } from '../../../harness/faults/etcd-snapshot.ts';
import { etcdutl } from '../../../harness/tools/etcd-companions.ts';
import { startCutProxy } from '../../support/cut-proxy.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { companion } from '../../support/etcd-companion.ts';
import { askEtcd } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { type ResumingClient, startResumingClient } from '../../support/resuming-client.ts';
import { startWatchProxy } from '../../support/watch-proxy.ts';

const restores = await companion(etcdutl);
const bump = 1_000_000;
const before = 20;
const lost = 15;

/** Writes so many times, and resolves with the revisions. */
async function write({ url }: TestEtcd, count: number): Promise<readonly number[]> {
  const revisions: number[] = [];
  for (let n = 0; n < count; n++) {
    const [key, value] = [`/apisix/k${n % 7}`, `${Math.random()}`].map((text) => Buffer.from(text).toString('base64'));
    const { status, body } = await askEtcd(url, '/v3/kv/put', { key, value });
    expect(status).toBe(200);
    revisions.push(Number((body['header'] as { readonly revision: string }).revision));
  }
  return revisions;
}

interface SnapshotFile extends Disposable {
  readonly file: string;
}

function snapshotFile(): SnapshotFile {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-snapshot-'));
  const file = path.join(folder, 'snapshot.db');
  return { file, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

function snapshotOf({ url }: TestEtcd, file: string): Promise<void> {
  const member = { name: 'test', client: url, peer: url, listenPeer: url, data: '' };
  return saveSnapshot({ etcd: url, members: [member], root: undefined }, file, AbortSignal.timeout(60_000));
}

/** The revisions of what the snapshot holds, and of what a restore of it loses; the client has seen all of them. */
async function writeAround(
  etcd: TestEtcd,
  client: ResumingClient,
  { file }: SnapshotFile,
): Promise<readonly [kept: readonly number[], lost: readonly number[]]> {
  const first = await write(etcd, before);
  await snapshotOf(etcd, file);
  const second = await write(etcd, lost);
  await until(() => client.revisions.length === before + lost, 'it has all');
  return [first, second];
}

test.skipIf(restores === undefined).each([
  ['plain', []],
  ['bumped', [`--bump-revision=${bump}`, '--mark-compacted']],
] as const)('a %s restore: clients list again, and go on with what comes', async (how, options) => {
  using snapshot = snapshotFile();
  await using etcd = await startEtcd();
  await using proxy = await startWatchProxy(etcd.url);
  using client = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 1 });
  const [first, second] = await writeAround(etcd, client, snapshot);
  await etcd.restore(restores ?? '', snapshot.file, options);
  await until(() => client.lists.length === 1, 'it lists again');
  expect(client.lists[0]).toBeGreaterThanOrEqual((first.at(-1) ?? 0) + (how === 'bumped' ? bump : 0));
  const third = await write(etcd, 5);
  await until(() => client.revisions.at(-1) === third.at(-1), 'it has what came after');
  expect(client.revisions).toEqual([...first, ...second, ...third]);
  expect(client.lists).toHaveLength(1);
});

test.skipIf(restores === undefined)(
  'a plain restore, and more written than was lost before the proxy is back: no gap without a word',
  async () => {
    using snapshot = snapshotFile();
    await using etcd = await startEtcd();
    await using link = await startCutProxy(etcd.url);
    await using proxy = await startWatchProxy(link.url);
    using client = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 1 });
    const [first, second] = await writeAround(etcd, client, snapshot);
    link.refuse(true);
    link.cut();
    await etcd.restore(restores ?? '', snapshot.file);
    // The same keys in the same order: revisions and versions are what they were, and only the values differ.
    const other = await write(etcd, lost);
    expect(other).toEqual(second);
    await write(etcd, 10);
    link.refuse(false);
    await until(() => client.lists.length === 1, 'it is told to list again');
    const third = await write(etcd, 5);
    await until(() => client.revisions.at(-1) === third.at(-1), 'it has what came after');
    expect(client.revisions).toEqual([...first, ...second, ...third]);
    expect(await proxy.metric('watch_proxy_relists_total')).toBe(2);
  },
);

test.skipIf(restores === undefined)(
  'a client that is ahead of a proxy, after a restore, is not told to list again while etcd cannot be asked',
  async () => {
    using snapshot = snapshotFile();
    await using etcd = await startEtcd();
    await using link = await startCutProxy(etcd.url);
    await using proxy = await startWatchProxy(link.url);
    using client = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 1 });
    await writeAround(etcd, client, snapshot);
    await etcd.restore(restores ?? '', snapshot.file);
    await until(() => client.lists.length === 1, 'it lists again');
    link.hold(true);
    // These, another proxy has told it.
    const from = ((await write(etcd, 5)).at(-1) ?? 0) + 1;
    using held = openJsonWatch(proxy.url, [
      { create_request: { ...prefixRange('/apisix/'), start_revision: `${from}` } },
    ]);
    let isOver = false;
    void held.ended.then(() => (isOver = true));
    const canceled = (): boolean => held.lines.some(({ result }) => result?.canceled === true);
    await until(() => isOver || canceled(), 'the watch is over');
    expect(canceled()).toBe(false);
    link.hold(false);
    using ahead = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from });
    const third = await write(etcd, 5);
    await until(() => ahead.revisions.at(-1) === third.at(-1), 'it has what came after');
    expect([ahead.revisions, ahead.lists]).toEqual([third, []]);
  },
);
