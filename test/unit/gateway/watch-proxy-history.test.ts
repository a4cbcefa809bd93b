/** What is read of etcd's history for watches that begin before the ring does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RawEvent } from '../../../gateway/etcd/rpc.ts';
import type { WatchMessage } from '../../../gateway/etcd/sync-loop.ts';
import type { Position } from '../../../gateway/etcd/words.ts';
import { History } from '../../../gateway/watch-proxy/feed/history.ts';
import { selectionOf } from '../../../gateway/watch-proxy/feed/selection.ts';
import { Watcher } from '../../../gateway/watch-proxy/feed/watcher.ts';
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
  readonly position?: Position;
  readonly followed?: boolean;
  readonly messages: readonly WatchMessage<RawEvent>[];
}

/** A watcher that wants everything from revision 5 on. */
function historyOf({ position = positionAt(20n), followed = true, messages }: Case) {
  const got = { writes: 0, reached: false, reads: 0 };
  const history = new History({
    async *read() {
      got.reads++;
      yield* messages;
      await sleep(1_000_000, undefined, { ref: false });
    },
    ringFirst: () => 8n,
    header: () => ({}),
    position: () => (followed ? position : undefined),
    reached: () => void (got.reached = true),
    end: () => undefined,
  });
  const watcher = new Watcher({
    id: 0n,
    from: 5n,
    selection: selectionOf({}, { from: '\0', to: undefined }),
    progressNotify: false,
    outlet: { protocol: 'json', full: false, offer: () => false, write: () => void got.writes++ },
    onEnd: () => undefined,
  });
  watcher.state = 'history';
  history.add(watcher);
  return { got, history };
}

test('a watcher gets what is older than the ring, and goes on there', async () => {
  const messages = [message('created', positionAt(20n)), message('events', positionAt(20n), 5, 6, 7)];
  const { got, history } = historyOf({ messages });
  await until(() => got.reached, 'it has reached the ring');
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
  expect(got).toMatchObject({ writes: 0, reached: false });
  history.close();
});

test('nothing is read while the feed has lost etcd: only the feed can tell whether it is still the same', async () => {
  const messages = [message('created', positionAt(20n)), message('events', positionAt(20n), 5, 6, 7)];
  const { got, history } = historyOf({ followed: false, messages });
  await sleep(100);
  expect(got).toMatchObject({ reads: 0, writes: 0, reached: false });
  history.close();
});
