/** Who gets what comes to the watch proxy: its bytes are made once for all that ask for the same in the same form. */
import { expect, test } from 'vitest';
import type { Form } from '../../../gateway/watch-proxy/downstream/shared-response.ts';
import { Audience } from '../../../gateway/watch-proxy/feed/audience.ts';
import type { FeedEvent } from '../../../gateway/watch-proxy/feed/ring.ts';
import { selectionOf } from '../../../gateway/watch-proxy/feed/selection.ts';
import { Watcher } from '../../../gateway/watch-proxy/feed/watcher.ts';
import type { SharedData } from '../../../gateway/watch-proxy/http2/shared-data.ts';

interface Asks {
  readonly protocol: Form['protocol'];
  readonly id?: bigint;
  readonly deletesOnly?: boolean;
  readonly full?: boolean;
}

function live(audience: Audience, { protocol, id = 0n, deletesOnly = false, full = false }: Asks) {
  const got: SharedData[] = [];
  const write = (data: SharedData): boolean => {
    if (!full) got.push(data);
    return !full;
  };
  const watcher = new Watcher({
    id,
    from: 1n,
    selection: selectionOf(deletesOnly ? { filters: ['Noput'] } : {}, { from: '\0', to: undefined }),
    progressNotify: false,
    outlet: { protocol, full, offer: write, write: (data) => void write(data) },
    onEnd: () => undefined,
  });
  audience.join(watcher);
  return { watcher, got };
}

const events: readonly FeedEvent[] = ['a', 'b'].map((key) => ({
  key,
  raw: { kv: { key: Buffer.from(key), mod_revision: '5' } },
}));

test('all that get the same bytes share them, and nobody else does', () => {
  const audience = new Audience();
  const asks: readonly Asks[] = [
    { protocol: 'json' },
    { protocol: 'json' },
    { protocol: 'grpc' },
    { protocol: 'json', id: 7n },
    { protocol: 'grpc' },
    { protocol: 'json', deletesOnly: true },
  ];
  const all = asks.map((each) => live(audience, each));
  expect(audience.give({}, events, () => undefined)).toBe(2 * 5);
  const [json, sameJson, grpc, otherId, sameGrpc, nothing] = all.map(({ got }) => got);
  expect(json?.[0]).toBe(sameJson?.[0]);
  expect(grpc?.[0]).toBe(sameGrpc?.[0]);
  expect(new Set([json?.[0], grpc?.[0], otherId?.[0]]).size).toBe(3);
  expect(otherId?.[0]?.bytes.toString()).toContain('"watch_id":"7"');
  expect(json?.[0]?.bytes.toString()).not.toContain('watch_id');
  expect(nothing).toEqual([]);
});

test('who is full is told of and not counted, and who has left gets nothing more', () => {
  const audience = new Audience();
  const [quick, slow] = [live(audience, { protocol: 'json' }), live(audience, { protocol: 'json', full: true })];
  const full: Watcher[] = [];
  const give = (): number =>
    audience.give({}, events, (watcher) => {
      full.push(watcher);
      audience.leave(watcher);
      watcher.state = 'behind';
    });
  expect([give(), give()]).toEqual([2, 2]);
  expect(full).toEqual([slow.watcher]);
  expect(quick.got).toHaveLength(2);
  audience.leave(quick.watcher);
  expect(give()).toBe(0);
  expect(quick.got).toHaveLength(2);
});
