/** Faults of whole connections, seen from the far side of the etcd link in both protocols. */
import { expect } from 'vitest';
import { type Case, arrives, ends, first, reading, slowly, playInBothProtocols } from '../../../support/link-scene.ts';

const within = { timeout: 30_000, interval: 5 };

const silent: Case['holds'] = async ({ linked, client, prefix, put, old }) => {
  await put('a');
  expect((await client.range(linked.link.address, prefix, 300)).how).toBe('silent');
  expect(old.keys).toEqual([first]);
};

const cases: readonly Case[] = [
  {
    fault: { kind: 'link.stall', mode: 'hold' },
    proof: /pieces withheld.*no answer/,
    oldAfter: 'lives',
    holds: silent,
  },
  {
    fault: { kind: 'link.stall', mode: 'dead' },
    proof: /pieces withheld.*no answer/,
    oldAfter: 'mute',
    holds: silent,
  },
  {
    fault: { kind: 'link.delay', by: '300ms' },
    proof: /pieces came later/,
    oldAfter: 'lives',
    async holds({ put, old, range }) {
      const from = performance.now();
      await put('a');
      await arrives(old, [first, 'a']);
      expect(performance.now() - from).toBeGreaterThanOrEqual(295);
      expect((await range()).afterMs).toBeGreaterThanOrEqual(295);
    },
  },
  { fault: { kind: 'link.throttle', bytesPerSecond: 100_000 }, proof: /at the rate/, oldAfter: 'lives', holds: slowly },
  {
    fault: { kind: 'link.refuse' },
    proof: /refused.*an own call was reset/,
    oldAfter: 'lives',
    holds: reading('code 14', 'reset'),
  },
  {
    fault: { kind: 'link.answer', with: 'grpc-8' },
    proof: /answered 429/,
    oldAfter: 'lives',
    async holds({ range, watch, told }) {
      expect((await range()).how).toBe(told('code 8', 'status 429'));
      using fresh = watch();
      await expect.poll(() => fresh.ended, within).toBe(told('code 8', 'status 429'));
    },
  },
  { fault: { kind: 'link.cut' }, proof: /closed/, oldAfter: 'ended', holds: ends('code 14', 'broken off') },
  { fault: { kind: 'link.reset' }, proof: /reset/, oldAfter: 'ended', holds: ends('code 14', 'reset') },
  {
    fault: { kind: 'link.idle-kill', after: '300ms' },
    proof: /closed/,
    oldAfter: 'ended',
    holds: ends('code 14', 'broken off'),
  },
];

playInBothProtocols(cases);
