/** Each way to lose something by name, with two clients that must lose nothing: the steps that random schedules mix. */
import { afterAll, expect, test } from 'vitest';
import { startCutProxy } from '../../support/cut-proxy.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { until } from '../../support/http.ts';
import { startWatchProxy } from '../../support/watch-proxy.ts';
import { violationsOf } from '../../watch-schedules/history-checker.ts';
import { Ledger } from '../../watch-schedules/ledger.ts';
import { RecordingClient } from '../../watch-schedules/recording-client.ts';
import { runSchedule } from '../../watch-schedules/run-schedule.ts';
import type { ClientOf, Family, Step, Write } from '../../watch-schedules/schedule.ts';
import { World } from '../../watch-schedules/world.ts';

const worlds = new Map<boolean, Promise<World>>();
afterAll(async () => {
  for (const world of worlds.values()) await (await world)[Symbol.asyncDispose]();
});

const client = { keys: 'all', puts: true, deletes: true, prevKv: true, progressNotify: true, proxy: 0 } as const;
const clients: readonly ClientOf[] = [
  { ...client, protocol: 'grpc', fragment: false, byBookmarks: false },
  { ...client, protocol: 'json', fragment: true, byBookmarks: true },
];

function written(count: number, bytes = 600): Extract<Step, { kind: 'write' }> {
  const writes = Array.from({ length: count }, (_each, n): Write => {
    if (n % 5 === 4) return [{ key: n % 7, bytes: 'delete' }];
    return n % 3 === 0
      ? [
          { key: n % 7, bytes },
          { key: 8, bytes },
          { key: 9, bytes: 10 },
        ]
      : [{ key: n % 7, bytes }];
  });
  return { kind: 'write', writes };
}

const some = written(20);
const [first, second] = [0, 1];
const both = (kind: 'pause' | 'resume' | 'leave' | 'come-back' | 'move'): readonly Step[] => [
  { kind, client: first },
  { kind, client: second },
];
const missed = written(120);
const catchUp = missed.writes;

test.each<[string, Family, readonly Step[]]>([
  ['a clean cut', 'ordinary', [{ kind: 'cut', proxy: 0 }, some, { kind: 'cut', proxy: 0 }, some]],
  [
    'refused connections',
    'ordinary',
    [{ kind: 'refuse', proxy: 0 }, { kind: 'cut', proxy: 0 }, some, { kind: 'accept', proxy: 0 }],
  ],
  ['a black hole, until the proxy leaves it', 'ordinary', [{ kind: 'black-hole', proxy: 0 }, some]],
  [
    'a black hole that ends by itself',
    'ordinary',
    [{ kind: 'hold', proxy: 0 }, some, { kind: 'release', proxy: 0 }, some],
  ],
  ['a cut inside the catch-up', 'ordinary', [{ kind: 'cut-in-catch-up', proxy: 0, bytes: 20_000, writes: catchUp }]],
  [
    'compaction while the clients are away',
    'ordinary',
    [...both('leave'), some, { kind: 'compact', back: 0 }, ...both('come-back')],
  ],
  [
    'compaction while the proxy is away',
    'ordinary',
    [{ kind: 'refuse', proxy: 0 }, { kind: 'cut', proxy: 0 }, some, { kind: 'compact', back: 0 }],
  ],
  ['etcd killed', 'ordinary', [{ kind: 'restart-etcd' }, some]],
  ['the proxy killed', 'ordinary', [{ kind: 'restart-proxy', proxy: 0, how: 'SIGKILL' }, some]],
  ['the proxy ended in peace', 'ordinary', [{ kind: 'restart-proxy', proxy: 0, how: 'SIGTERM' }, some]],
  ['clients that move between the proxies', 'ordinary', [...both('move'), some, ...both('move'), some]],
  ['clients that take nothing', 'ordinary', [...both('pause'), written(60, 60_000), ...both('resume')]],
  ['etcd wiped', 'reset', [{ kind: 'wipe' }, some]],
  ['another cluster at the address of etcd', 'reset', [{ kind: 'other-cluster' }, some]],
  ['etcd restored to a lower revision', 'reset', [{ kind: 'save' }, some, { kind: 'restore' }, some]],
  [
    'etcd restored, and beyond what it had lost before a proxy is back',
    'reset',
    [{ kind: 'save' }, some, { kind: 'restore-unseen' }, some],
  ],
  ['another leader', 'cluster', [{ kind: 'move-leader' }, some]],
  ['the leader killed', 'cluster', [{ kind: 'kill-leader' }, some]],
  ['the quorum lost and found', 'cluster', [{ kind: 'lose-quorum' }, some]],
])('%s: nothing lost, doubled or out of order, or told', { timeout: 180_000 }, async (_what, family, steps) => {
  const cluster = family === 'cluster';
  const started = worlds.get(cluster) ?? World.start(cluster);
  worlds.set(cluster, started);
  const schedule = { seed: 0, family, pinned: true, clients, steps: [some, ...steps] };
  const { events, relists, violations } = await runSchedule(await started, schedule);
  expect(violations).toEqual([]);
  // Who is told to list again has what it missed from the list, and perhaps nearly all.
  expect(events + relists * some.writes.length).toBeGreaterThan(40);
});

test('a connection to etcd that has fallen silent is left within ten seconds', async () => {
  await using etcd = await startEtcd();
  await using link = await startCutProxy(etcd.url);
  await using proxy = await startWatchProxy(link.url);
  const connections = link.connections;
  link.blackhole();
  const silent = performance.now();
  await until(() => link.connections > connections, 'it connects anew', 12_000);
  expect(performance.now() - silent).toBeLessThan(10_000);
  await until(async () => (await proxy.metric('watch_proxy_upstream_watches')) === 1, 'it watches again');
});

/** Watch streams and reads that etcd has been asked for so far. */
async function askedOf({ url }: TestEtcd): Promise<{ readonly watches: number; readonly reads: number }> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const count = (method: string): number =>
    [...text.matchAll(new RegExp(`^grpc_server_started_total\\{grpc_method="${method}",.*\\} (\\d+)$`, 'gm'))].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  return { watches: count('Watch'), reads: count('Range') };
}

test(
  'two hundred watchers are no stampede: neither when etcd comes back, nor when all of them come at once',
  { timeout: 180_000 },
  async () => {
    await using etcd = await startEtcd();
    await using link = await startCutProxy(etcd.url);
    await using proxy = await startWatchProxy(link.url, { WATCH_PROXY_RING_EVENTS: '10' });
    const ledger = await Ledger.begin([etcd.url], '/apisix/');
    await ledger.write(catchUp);
    const create = { ...prefixRange('/apisix/'), start_revision: `${ledger.begins}` };
    const before = await askedOf(etcd);
    const watches = Array.from({ length: 200 }, () => openJsonWatch(proxy.url, [{ create_request: create }]));
    const wish = { ...ledger.range, puts: true, deletes: true, prevKv: false, progressNotify: false, fragment: false };
    const witness = new RecordingClient([proxy.url], { ...wish, protocol: 'grpc', byBookmarks: false }, ledger.begins);
    let newest = await ledger.read();
    const all = (): boolean => watches.every((each) => each.events().at(-1)?.endsWith(`@${newest}`));
    await until(all, 'all have caught up', 60_000);
    const joined = await askedOf(etcd);
    // The ring holds ten events: each wants history, and it is read for all of them together.
    expect(joined.watches - before.watches).toBeLessThan(20);
    expect(joined.reads - before.reads).toBeLessThan(20);
    const connections = link.connections;
    link.refuse(true);
    link.cut();
    await ledger.write(catchUp);
    await until(async () => (await proxy.metric('watch_proxy_upstream_watches')) === 0, 'the proxy is cut off');
    link.refuse(false);
    newest = await ledger.read();
    await until(all, 'all have what was missed', 60_000);
    const healed = await askedOf(etcd);
    expect(healed.watches - joined.watches).toBeLessThan(20);
    expect(healed.reads - joined.reads).toBeLessThan(20);
    expect(link.connections - connections).toBeLessThan(10);
    await until(() => witness.next > newest, 'the witness has all');
    expect(violationsOf(ledger.lines, wish, witness.seen, { complete: true })).toEqual([]);
    expect(new Set(watches.map((each) => each.events().join())).size).toBe(1);
    witness.close();
    for (const each of watches) each[Symbol.dispose]();
  },
);
