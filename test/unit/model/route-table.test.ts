/** What is expected of routes that are changed more than once. */
import { expect, test } from 'vitest';
import { RouteTable, companionOf } from '../../../harness/model/route-table.ts';

const table = (): RouteTable => new RouteTable({ settled: 1, ballast: 2, probes: 1 });

test('a write that was seen ends its own following, not that of a newer write of the same route', () => {
  const routes = table();
  routes.committed('ballast-0', null, 10);
  const [gone] = routes.unseen;
  routes.committed('ballast-0', 2, 20);
  if (gone !== undefined) routes.seen(gone);
  expect(routes.unseen.map(({ route, seq }) => [route, seq])).toEqual([['ballast-0', 2]]);
  for (const write of routes.unseen) routes.seen(write);
  expect(routes.unseen).toEqual([]);
});

test('ballast is watched once it was changed, or may have been', () => {
  const routes = table();
  expect(routes.watched.map(({ id }) => id)).toEqual(['settled-0', 'probe-0']);
  routes.committed('ballast-0', null, 10);
  routes.unknown('ballast-1', null);
  expect(routes.watched.map(({ id }) => id)).toEqual(['settled-0', 'ballast-0', 'ballast-1', 'probe-0']);
  expect([routes.written('ballast-1'), routes.written('settled-0')]).toEqual([true, false]);
  expect(routes.acceptable('ballast-0', null) && routes.acceptable('ballast-1', null)).toBe(true);
});

test('what was written again is as it was acknowledged, whatever was unknown of it, and counts as written', () => {
  const routes = table();
  routes.unknown('ballast-0', null);
  routes.writtenAgain('ballast-0');
  expect([routes.acceptable('ballast-0', null), routes.acceptable('ballast-0', 2)]).toEqual([false, true]);
  expect(routes.watched.map(({ id }) => id)).toEqual(['settled-0', 'ballast-0', 'probe-0']);
});

test('a route that has another id in etcd keeps it, also when it is gone', () => {
  const routes = table();
  routes.committed('odd-0', 7, 10, 'a b');
  routes.committed('odd-0', null, 20, 'a b');
  expect(routes.acknowledged.at(-1)).toEqual({ id: 'odd-0', path: '/odd/0', seq: null, storedId: 'a b' });
});

test('the last of the settled routes stand in the static configuration, each at a host of its own, and not in etcd', () => {
  const routes = new RouteTable({ settled: 3, ballast: 0, probes: 0, static: 2 });
  expect(routes.fixed).toEqual([
    { id: 'settled-1', path: '/settled/1', host: 'host-1.test', seq: 2 },
    { id: 'settled-2', path: '/settled/2', host: 'host-2.test', seq: 3 },
  ]);
  expect(routes.initial.map(({ id, host }) => [id, host])).toEqual([['settled-0', undefined]]);
  expect(routes.routes.map(({ id, host }) => [id, host])).toEqual([
    ['settled-0', undefined],
    ['settled-1', 'host-1.test'],
    ['settled-2', 'host-2.test'],
  ]);
  // What comes with a host is looked for at that host.
  routes.committed(companionOf('settled-2'), 3, 10);
  expect(routes.unseen).toEqual([{ route: 'moved-2', path: '/moved/2', host: 'host-2.test', seq: 3, invokedAtMs: 10 }]);
  expect(routes.acknowledged.at(-1)).toEqual({
    id: 'moved-2',
    path: '/moved/2',
    host: 'host-2.test',
    seq: 3,
    storedId: 'moved-2',
  });
});
