/** Faults of calls other than watches, seen from the far side of the etcd link in both protocols. */
import { expect } from 'vitest';
import {
  type Case,
  arrives,
  arrivesSoon,
  first,
  reading,
  slowly,
  playInBothProtocols,
} from '../../../support/link-scene.ts';

const within = { timeout: 60_000, interval: 5 };

const cases: readonly Case[] = [
  {
    fault: { kind: 'unary.stall', mode: 'hold' },
    proof: /pieces withheld.*an own call got no answer/,
    oldAfter: 'lives',
    async holds({ linked, client, prefix, put, old }) {
      expect((await client.range(linked.link.address, prefix, 300)).how).toBe('silent');
      const answer = client.range(linked.link.address, prefix);
      await put('a');
      await arrives(old, [first, 'a']);
      const held = async (): Promise<number> => (await linked.link.counters()).faults[0]?.open ?? 0;
      await expect.poll(held, within).toBe(1);
      await linked.link.heal();
      // What was held comes at the heal.
      expect((await answer).how).toBe('ok');
      await linked.link.inject({ kind: 'unary.stall', mode: 'hold' }, 1);
    },
  },
  {
    fault: { kind: 'unary.delay', by: '300ms' },
    proof: /pieces came later.*answered after \d{3,} ms/,
    oldAfter: 'lives',
    async holds({ range, put, old }) {
      const { how, afterMs } = await range();
      expect(how).toBe('ok');
      expect(afterMs).toBeGreaterThanOrEqual(295);
      await arrivesSoon(old, 'a', put);
    },
  },
  {
    fault: { kind: 'unary.throttle', bytesPerSecond: 100_000 },
    proof: /at the rate/,
    oldAfter: 'lives',
    holds: slowly,
  },
  {
    fault: { kind: 'range.throttle', bytesPerSecond: 100_000 },
    proof: /at the rate/,
    oldAfter: 'lives',
    holds: slowly,
  },
  {
    fault: { kind: 'unary.refuse' },
    proof: /refused.*an own call was reset/,
    oldAfter: 'lives',
    holds: reading('code 14', 'reset'),
  },
  {
    fault: { kind: 'unary.answer', with: 'http-429' },
    proof: /answered 429/,
    oldAfter: 'lives',
    holds: reading('code 14', 'status 429'),
  },
  {
    fault: { kind: 'unary.answer', with: 'grpc-14' },
    proof: /answered 503/,
    oldAfter: 'lives',
    holds: reading('code 14', 'status 503'),
  },
  {
    fault: { kind: 'range.truncate', afterBytes: 5_000 },
    proof: /cut short/,
    oldAfter: 'lives',
    async holds({ put, range, told, client }) {
      expect((await range()).how).toBe('ok');
      await put('big1', 'big2', 'big3', 'big4');
      const { how, bytes } = await range();
      expect(how).toBe(told('code 13', 'broken off'));
      if (client.protocol === 'json') expect(bytes).toBe(5_000);
    },
  },
];

playInBothProtocols(cases);
