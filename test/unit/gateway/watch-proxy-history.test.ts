/** What is read of etcd's history for watches that begin before the ring does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RawEvent } from '../../../gateway/etcd/rpc.ts';
import type { WatchMessage } from '../../../gateway/etcd/sync-loop.ts';
import type { Position } from '../../../gateway/etcd/words.ts';
import { History } from '../../../gateway/watch-proxy/feed/history.ts';
import { selectionOf } from '../../../gateway/watch-proxy/feed/selection.ts';
import { Watcher } from '../../../gateway/watch-proxy/feed/watcher.ts';
import type { SharedData } from '../../../gateway/watch-proxy/http2/shared-data.ts';
import { until } from '../../support/http.ts';

function positionAt(revision: bigint, raftTerm = 2n): Position {
  return { revision, raftTerm, clusterId: '1', memberId: '1' };
}

function message(
  kind: 'created' | 'events',
  position: Position,
  ...revisions: readonly number[]
): WatchMessage<RawEvent> {
  const items = revisions.map((revision) => ({ kv: { key: Buffer.from('k'), mod_revision: `${revision}` } }));
  return { kind, position, items, compactRevision: 0n, reason: '' };
}

interface Case {
  /** Of the feed, whose ring begins at 8. */
  readonly position?: () => Position;
  readonly followed?: boolean;
  readonly messages: readonly WatchMessage<RawEvent>[];
  /** The first revision that each of the watchers wants. */
  readonly from?: readonly bigint[];
  /** What happens at each write. */
  readonly onWrite?: () => void;
}

/** Watchers that want something older than the ring; a single one from revision 5 on, unless it is told otherwise. */
function historyOf({ position = () => positionAt(20n), followed = true, messages, from = [5n], onWrite }: Case) {
  const got = { writes: 0, reached: 0, reads: 0, bytes: from.map((): SharedData[] => []) };
  const history = new History({
    async *read() {
      got.reads++;
      yield* messages;
      await sleep(1_000_000, undefined, { ref: false });
    },
    ringFirst: () => 8n,
    header: () => ({}),
    position: () => (followed ? position() : undefined),
    reached: () => void got.reached++,
    end: () => undefined,
  });
  for (const [index, first] of from.entries()) {
    const write = (data: SharedData): void => {
      got.writes++;
      got.bytes[index]?.push(data);
      onWrite?.();
    };
    const watcher = new Watcher({
      id: 0n,
      from: first,
      selection: selectionOf({}, { from: '\0', to: undefined }),
      progressNotify: false,
      outlet: { protocol: 'json', full: false, offer: () => false, write },
      onEnd: () => undefined,
    });
    watcher.state = 'history';
    history.add(watcher);
  }
  return { got, history };
}

const older = [message('created', positionAt(20n)), message('events', positionAt(20n), 5, 6, 7)];

test('a watcher gets what is older than the ring, and goes on there', async () => {
  const { got, history } = historyOf({ messages: older });
  await until(() => got.reached === 1, 'it has reached the ring');
  expect(got.writes).toBe(1);
  history.close();
});

test.each<[string, Position]>([
  ['which was restored to an older revision', positionAt(7n)],
  ['of an older term', positionAt(30n, 1n)],
  ['of another cluster', { ...positionAt(30n), clusterId: '2' }],
])('nothing is taken from an etcd %s than the ring is of: that would be another history', async (_what, position) => {
  const { got, history } = historyOf({
    messages: [message('created', position), message('events', position, 5, 6, 7)],
  });
  await until(() => got.reads > 1, 'it is asked again');
  expect(got).toMatchObject({ writes: 0, reached: 0 });
  history.close();
});

test('nothing is read while the feed has lost etcd: only the feed can tell whether it is still the same', async () => {
  const { got, history } = historyOf({ followed: false, messages: older });
  await sleep(100);
  expect(got).toMatchObject({ reads: 0, writes: 0, reached: 0 });
  history.close();
});

test('who reads the same gets the same bytes, made once', async () => {
  const { got, history } = historyOf({ messages: older, from: [3n, 5n, 6n, 5n, 6n] });
  await until(() => got.reached === 5, 'all have reached the ring');
  // From 3 on there is nothing older than 5.
  const [all, rest] = [got.bytes[0]?.[0], got.bytes[2]?.[0]];
  const eventsIn = (data: SharedData | undefined): number => String(data?.bytes).split('mod_revision').length - 1;
  expect([eventsIn(all), eventsIn(rest)]).toEqual([3, 2]);
  expect(got.bytes).toEqual([all, all, rest, all, rest].map((data) => [data]));
  expect(new Set(got.bytes.flat()).size).toBe(2);
  history.close();
});

test('while many catch up others have their turns, and what etcd gets meanwhile is no other history', async () => {
  let revision = 20n;
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  const busy = (): void => {
    revision++;
    const end = performance.now() + 1;
    let now = 0;
    while (now < end) now = performance.now();
  };
  const { got, history } = historyOf({
    messages: [message('created', positionAt(20n)), message('events', positionAt(20n), 5), ...older],
    from: Array.from({ length: 100 }, () => 5n),
    position: () => positionAt(revision),
    onWrite: busy,
  });
  await until(() => got.reached === 100, 'all have reached the ring');
  clearInterval(counting);
  // Two hundred writes take two hundred milliseconds, and there is somebody else in between.
  expect(turns).toBeGreaterThan(10);
  expect(got).toMatchObject({ writes: 200, reads: 1 });
  history.close();
});

test('once the ring is of another history nobody gets more of the old one, but all of it anew', async () => {
  let forget = (): void => undefined;
  const { got, history } = historyOf({ messages: older, from: [5n, 5n], onWrite: () => forget() });
  forget = () => history.forget();
  await until(() => got.reached === 2, 'both have reached the ring');
  expect(got).toMatchObject({ writes: 2, reads: 2 });
  history.close();
});
