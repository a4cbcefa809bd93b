/** Faults of watches, seen from the far side of the etcd link in both protocols. */
import { expect } from 'vitest';
import {
  type Case,
  answersSoon,
  arrives,
  ends,
  first,
  opening,
  playInBothProtocols,
} from '../../../support/link-scene.ts';

const within = { timeout: 60_000, interval: 5 };
const byzantine = { breaksPromisesOfEtcd: true } as const;

const cases: readonly Case[] = [
  {
    fault: { kind: 'watch.stall', mode: 'dead' },
    proof: /messages withheld/,
    oldAfter: 'mute',
    async holds({ linked, watch, put, range, old }) {
      using fresh = watch();
      await expect.poll(() => fresh.created, within).toBe(1);
      await put('a');
      expect((await range()).how).toBe('ok');
      await expect.poll(async () => (await linked.link.counters()).faults[0]?.units, within).toBe(2);
      expect([old.keys, fresh.keys, fresh.ended]).toEqual([[first], [], undefined]);
    },
  },
  {
    fault: { kind: 'watch.stall', mode: 'hold' },
    proof: /messages withheld/,
    oldAfter: 'lives',
    async holds({ linked, put, old }) {
      await put('a', 'b');
      await expect.poll(async () => (await linked.link.counters()).faults[0]?.units, within).toBeGreaterThan(0);
      expect(old.keys).toEqual([first]);
    },
  },
  { fault: { kind: 'watch.cut' }, proof: /1 closed/, oldAfter: 'ended', holds: ends('code 14', 'end') },
  { fault: { kind: 'watch.reset' }, proof: /1 reset/, oldAfter: 'ended', holds: ends('code 13', 'reset') },
  {
    fault: { kind: 'watch.cut', afterEvents: 1_000 },
    proof: /closed/,
    oldAfter: 'ended',
    async holds({ linked, client, prefix, put, told }) {
      const from = await put('a');
      for (let written = 0; written < 2_500; written += 100) {
        const hundred = Array.from({ length: 100 }, (_, index) => `${prefix}x/${written + index}`);
        await Promise.all(hundred.map((key) => linked.direct.put(key).value('v')));
      }
      using late = client.watch(linked.link.address, `${prefix}x/`, from);
      await expect.poll(() => late.ended, within).toBe(told('code 14', 'end'));
      // etcd sends a backlog by the thousand.
      expect(late.keys.length).toBe(1_000);
      using again = client.watch(linked.link.address, `${prefix}x/`, from);
      await expect.poll(() => again.ended, within).toBe(told('code 14', 'end'));
    },
  },
  {
    fault: { kind: 'watch.truncate', afterEvents: 1 },
    proof: /1 ended within an event/,
    oldAfter: 'ended',
    async holds({ put, old, told }) {
      await put('a');
      await expect.poll(() => old.keys, within).toEqual([first, 'a']);
      await put('b');
      await expect.poll(() => old.ended, within).toBe(told('code 14', 'broken off'));
      expect(old.keys).toEqual([first, 'a']);
    },
  },
  {
    fault: { kind: 'watch.delay', by: '300ms' },
    proof: /messages came later/,
    oldAfter: 'lives',
    async holds({ put, old, range }) {
      const sinceMs = performance.now();
      await put('a', 'b');
      expect(await arrives(old, [first, 'a', 'b'], sinceMs)).toBeGreaterThanOrEqual(295);
      await answersSoon(range);
    },
  },
  {
    fault: { kind: 'watch.throttle', bytesPerSecond: 10_000 },
    proof: /pieces came at the rate/,
    oldAfter: 'lives',
    async holds({ put, old }) {
      const sinceMs = performance.now();
      await put('big1', 'big2', 'big3');
      expect(await arrives(old, [first, 'big1', 'big2', 'big3'], sinceMs)).toBeGreaterThan(400);
    },
  },
  {
    fault: { kind: 'watch.batch', every: '400ms' },
    proof: /messages came so/,
    oldAfter: 'lives',
    async holds({ put, old }) {
      const seen = new Set<number>();
      const sinceMs = performance.now();
      const elapsedMs = (): number => performance.now() - sinceMs;
      // A put may come in the middle of one.
      const most = (): number => 2 * (elapsedMs() / 400 + 2);
      let puts = 0;
      for (; (seen.size < 3 || puts <= 2 * most()) && elapsedMs() < within.timeout; puts++)
        await put(`n${puts}`).then(() => seen.add(old.keys.length));
      // Delivered one by one, nearly every put would see another number of events.
      expect(seen.size).toBeLessThanOrEqual(most());
      expect(seen.size).toBeGreaterThanOrEqual(3);
      expect(puts).toBeGreaterThan(2 * seen.size);
    },
  },
  {
    fault: { kind: 'watch.refuse' },
    proof: /refused.*an own call was reset/,
    oldAfter: 'lives',
    holds: opening('code 14', 'reset'),
  },
  {
    fault: { kind: 'watch.answer', with: 'grpc-8' },
    proof: /answered 429/,
    oldAfter: 'lives',
    holds: opening('code 8', 'status 429'),
  },
  {
    fault: { kind: 'watch.answer', with: 'http-503' },
    proof: /answered 503/,
    oldAfter: 'lives',
    holds: opening('code 14', 'status 503'),
  },
  {
    fault: { kind: 'watch.no-created' },
    proof: /an own watch got no message/,
    oldAfter: 'lives',
    async holds({ linked, watch, put, old }) {
      using fresh = watch();
      await expect.poll(async () => (await linked.link.counters()).faults[0]?.units, within).toBe(1);
      await put('a');
      await arrives(old, [first, 'a']);
      expect([fresh.created, fresh.keys, fresh.ended]).toEqual([0, [], undefined]);
      // It is mute for ever, as what was swallowed cannot come back.
      await linked.link.heal();
      await linked.link.inject({ kind: 'watch.no-created' }, 1);
      await put('b');
      await arrives(old, [first, 'a', 'b']);
      expect([fresh.created, fresh.keys, fresh.ended]).toEqual([0, [], undefined]);
    },
  },
  {
    fault: { kind: 'watch.idle-kill', after: '1s' },
    proof: /1 closed/,
    oldAfter: 'ended',
    async holds({ put, old, told }) {
      const until = Date.now() + 1_500;
      while (Date.now() < until) await put('a').then(() => new Promise((resolve) => setTimeout(resolve, 50)));
      expect(old.ended).toBeUndefined();
      await expect.poll(() => old.ended, within).toBe(told('code 14', 'end'));
    },
  },
  {
    fault: { kind: 'watch.drop-event' },
    proof: /1 events dropped/,
    oldAfter: 'lives',
    async holds({ put, old }) {
      await put('a');
      await put('b', 'c');
      await arrives(old, [first, 'b', 'c']);
    },
  },
  {
    fault: { kind: 'watch.compacted' },
    proof: /1 canceled as compacted/,
    oldAfter: 'mute',
    async holds({ put, old, watch, linked, client, prefix }) {
      const revision = await put('a');
      await expect.poll(() => old.compacted, within).toEqual([revision]);
      // One that is opened now is let be, and has what the other one lost.
      using fresh = watch();
      await expect.poll(() => fresh.created, within).toBe(1);
      using again = client.watch(linked.link.address, prefix, revision);
      await put('b');
      await arrives(fresh, ['b']);
      await expect.poll(() => again.keys, within).toEqual([`${prefix}a`, `${prefix}b`]);
      expect([old.keys, old.ended, fresh.compacted, again.compacted]).toEqual([[first], undefined, [], []]);
    },
  },
  {
    fault: { kind: 'watch.duplicate', ...byzantine },
    proof: /1 messages doubled/,
    oldAfter: 'lives',
    async holds({ put, old }) {
      await put('a');
      await arrives(old, [first, 'a', 'a']);
    },
  },
  {
    fault: { kind: 'watch.reorder', ...byzantine },
    proof: /2 messages exchanged/,
    oldAfter: 'lives',
    async holds({ linked, put, old }) {
      await put('a');
      await expect.poll(async () => (await linked.link.counters()).grpc.watchEvents, within).toBeGreaterThan(0);
      await put('b');
      await expect.poll(() => old.keys.length, within).toBe(3);
      expect(old.keys).toEqual([first, 'b', 'a']);
    },
  },
  {
    fault: { kind: 'watch.lower-revision', by: 3, ...byzantine },
    proof: /1 messages made older/,
    oldAfter: 'lives',
    async holds({ put, old }) {
      const revision = await put('a');
      await arrives(old, [first, 'a']);
      expect(old.revisions.at(-1)).toBe(revision - 3);
    },
  },
];

playInBothProtocols(cases);
