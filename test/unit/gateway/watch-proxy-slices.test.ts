/** What of the watch proxy's ring is read by clients that come back, and how long it is kept for the next of them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EventRing } from '../../../gateway/watch-proxy/feed/ring.ts';
import { selectionOf } from '../../../gateway/watch-proxy/feed/selection.ts';
import { Slices } from '../../../gateway/watch-proxy/feed/slices.ts';
import { Watcher } from '../../../gateway/watch-proxy/feed/watcher.ts';
import { until } from '../../support/http.ts';

function watcherFrom(from: bigint): Watcher {
  return new Watcher({
    id: 0n,
    from,
    selection: selectionOf({}, { from: '\0', to: undefined }),
    progressNotify: false,
    outlet: { protocol: 'json', full: false, offer: () => true, write: () => undefined },
    onEnd: () => undefined,
  });
}

/** Revisions 1 to 20, one event each. */
function filledRing(): EventRing {
  const ring = new EventRing({ events: 100, bytes: 1_000_000 }, 1n);
  for (let revision = 1n; revision <= 20n; revision++) {
    const raw = { kv: { key: Buffer.from('k'), mod_revision: `${revision}` } };
    ring.append({ revision, events: [{ key: 'k', raw }], bytes: 100 });
  }
  return ring;
}

test('clients that come back one after the other read the same bytes, for a moment', async () => {
  const [ring, slices] = [filledRing(), new Slices()];
  const read = () => slices.of(watcherFrom(5n), ring, 20n, {});
  const first = read();
  expect(first).toMatchObject({ next: 21n, events: 16 });
  await nextTurn();
  expect(read()).toBe(first);
  await until(() => read() !== first, 'it is made anew');
  expect(read()).toMatchObject({ next: 21n, events: 16 });
});

test('a slice goes no further than what those have who are live, and the rest is another one', () => {
  const [ring, slices] = [filledRing(), new Slices()];
  const first = slices.of(watcherFrom(5n), ring, 10n, {});
  expect(first).toMatchObject({ next: 11n, events: 6 });
  // Whoever comes later is led on by what is there already.
  expect(slices.of(watcherFrom(5n), ring, 20n, {})).toBe(first);
  expect(slices.of(watcherFrom(first.next), ring, 20n, {})).toMatchObject({ next: 21n, events: 10 });
});

test('of slices that differ only those used last are kept', () => {
  const [ring, slices] = [filledRing(), new Slices()];
  const read = (from: bigint) => slices.of(watcherFrom(from), ring, 20n, {});
  const [used, unused] = [read(1n), read(2n)];
  for (let from = 3n; from <= 9n; from++) {
    read(from);
    expect(read(1n)).toBe(used);
  }
  expect(read(2n)).not.toBe(unused);
});
