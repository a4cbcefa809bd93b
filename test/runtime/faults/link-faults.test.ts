/** Every fault of the etcd link, seen from the other side by a client of the test's own, in both protocols. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { injectorOf } from '../../../harness/faults/index.ts';
import type { World } from '../../../harness/model/ports.ts';
import type { LinkFault } from '../../../scenarios/scenario.ts';
import { type LinkedEtcd, startLinkedEtcd } from '../../support/link.ts';
import { type LinkClient, type SeenWatch, linkClients } from '../../support/link-clients.ts';

let linked: LinkedEtcd;
let world: World;
beforeAll(async () => {
  linked = await startLinkedEtcd();
  // Injectors of the link need no more of a world.
  world = { link: linked.link, etcd: linked.etcd.url } as unknown as World;
});
// A test that fails must not break those behind it.
afterEach(() => linked.link.heal());
afterAll(() => linked[Symbol.asyncDispose]());

const within = { timeout: 8_000, interval: 5 };
const byzantine = { breaksPromisesOfEtcd: true } as const;

interface Scene {
  readonly client: LinkClient;
  readonly prefix: string;
  /** Was open, and had its first event, before the fault. */
  readonly old: SeenWatch;
  /** Opened through the link now. */
  readonly watch: () => SeenWatch;
  /** Writes these keys, and says which revision the first has. */
  readonly put: (...keys: readonly string[]) => Promise<number>;
  readonly range: () => ReturnType<LinkClient['range']>;
  /** How the client is told an end, in its own protocol. */
  readonly told: (grpc: string, json: string) => string;
}

interface Case {
  readonly fault: LinkFault;
  readonly proof: RegExp;
  readonly holds: (scene: Scene) => Promise<void>;
  /** Of the watch that was open before. */
  readonly oldAfter: 'lives' | 'ended' | 'mute';
}

const first = 'first';

async function arrives(watch: SeenWatch, keys: readonly string[]): Promise<number> {
  const startMs = performance.now();
  await expect.poll(() => watch.keys, within).toEqual(keys);
  return performance.now() - startMs;
}

const ends =
  (grpc: string, json: string, ...put: readonly string[]) =>
  async ({ old, told, put: write }: Scene): Promise<void> => {
    await write(...put);
    await expect.poll(() => old.ended, within).toBe(told(grpc, json));
  };

const reading =
  (grpc: string, json: string) =>
  async ({ range, told }: Scene): Promise<void> => {
    expect((await range()).how).toBe(told(grpc, json));
  };

const opening =
  (grpc: string, json: string) =>
  async ({ watch, told, range }: Scene): Promise<void> => {
    using fresh = watch();
    await expect.poll(() => fresh.ended, within).toBe(told(grpc, json));
    expect((await range()).how).toBe('ok');
  };

/** 40 KB at 100 KB/s. */
const slowly = async ({ put, range }: Scene): Promise<void> => {
  await put(...Array.from({ length: 20 }, (_, index) => `big${index}`));
  const { how, afterMs } = await range();
  expect(how).toBe('ok');
  expect(afterMs).toBeGreaterThan(350);
};

const cases: readonly Case[] = [
  {
    fault: { kind: 'watch.stall', mode: 'dead' },
    proof: /messages withheld/,
    oldAfter: 'mute',
    async holds({ watch, put, range, old }) {
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
    async holds({ put, old }) {
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
    async holds({ client, prefix, put, told }) {
      const from = await put('a');
      await Promise.all(
        Array.from({ length: 2_500 }, (_, index) => linked.direct.put(`${prefix}x/${index}`).value('v')),
      );
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
      await put('a', 'b');
      expect((await range()).afterMs).toBeLessThan(300);
      expect(await arrives(old, [first, 'a', 'b'])).toBeGreaterThan(150);
    },
  },
  {
    fault: { kind: 'watch.throttle', bytesPerSecond: 10_000 },
    proof: /pieces came at the rate/,
    oldAfter: 'lives',
    async holds({ put, old }) {
      await put('big1', 'big2', 'big3');
      expect(await arrives(old, [first, 'big1', 'big2', 'big3'])).toBeGreaterThan(400);
    },
  },
  {
    fault: { kind: 'watch.batch', every: '400ms' },
    proof: /messages came so/,
    oldAfter: 'lives',
    async holds({ put, old }) {
      const seen = new Set<number>();
      await put('a');
      const until = Date.now() + 1_000;
      let puts = 0;
      for (; Date.now() < until; puts++) await put(`n${puts}`).then(() => seen.add(old.keys.length));
      // Delivered one by one, nearly every put would see another number of events.
      expect(seen.size * 5).toBeLessThan(puts);
      expect(seen.size).toBeGreaterThanOrEqual(2);
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
    async holds({ watch, put, old }) {
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
    fault: { kind: 'watch.idle-kill', after: '300ms' },
    proof: /1 closed/,
    oldAfter: 'ended',
    async holds({ put, old, told }) {
      const until = Date.now() + 900;
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
    async holds({ put, old }) {
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
  {
    fault: { kind: 'unary.stall', mode: 'hold' },
    proof: /pieces withheld.*an own call got no answer/,
    oldAfter: 'lives',
    async holds({ client, prefix, put, old }) {
      expect((await client.range(linked.link.address, prefix, 300)).how).toBe('silent');
      const answer = client.range(linked.link.address, prefix, 10_000);
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
    proof: /pieces came later.*answered after [3-9]\d\d ms/,
    oldAfter: 'lives',
    async holds({ range, put, old }) {
      const { how, afterMs } = await range();
      expect(how).toBe('ok');
      expect(afterMs).toBeGreaterThanOrEqual(295);
      await put('a');
      expect(await arrives(old, [first, 'a'])).toBeLessThan(250);
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
  {
    fault: { kind: 'link.stall', mode: 'hold' },
    proof: /pieces withheld.*no answer/,
    oldAfter: 'lives',
    async holds({ client, prefix, put, old }) {
      await put('a');
      expect((await client.range(linked.link.address, prefix, 300)).how).toBe('silent');
      expect(old.keys).toEqual([first]);
    },
  },
  {
    fault: { kind: 'link.stall', mode: 'dead' },
    proof: /pieces withheld.*no answer/,
    oldAfter: 'mute',
    async holds({ client, prefix, put, old }) {
      await put('a');
      expect((await client.range(linked.link.address, prefix, 300)).how).toBe('silent');
      expect(old.keys).toEqual([first]);
    },
  },
  {
    fault: { kind: 'link.delay', by: '300ms' },
    proof: /pieces came later/,
    oldAfter: 'lives',
    async holds({ put, old, range }) {
      await put('a');
      expect(await arrives(old, [first, 'a'])).toBeGreaterThan(200);
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

let scenes = 0;

describe.each(linkClients)('$protocol', (client) => {
  test.each(cases.map((each) => [JSON.stringify(each.fault), each] as const))('%s', async (_name, each) => {
    const { fault, proof, holds, oldAfter } = each;
    const prefix = `/scene-${scenes++}/`;
    const put = async (...keys: readonly string[]): Promise<number> => {
      let from = 0;
      for (const key of keys) {
        const value = key.startsWith('big') ? 'x'.repeat(2_000) : 'v';
        const { header } = await linked.direct.put(`${prefix}${key}`).value(value).exec();
        from ||= Number(header.revision);
      }
      return from;
    };
    const strip = (watch: SeenWatch): SeenWatch => ({
      get created() {
        return watch.created;
      },
      get keys() {
        return watch.keys.map((key) => key.slice(prefix.length));
      },
      get revisions() {
        return watch.revisions;
      },
      get ended() {
        return watch.ended;
      },
      [Symbol.dispose]: () => watch[Symbol.dispose](),
    });
    const watch = (): SeenWatch => strip(client.watch(linked.link.address, prefix));
    const range = (): ReturnType<LinkClient['range']> => client.range(linked.link.address, prefix);
    const told = (grpc: string, json: string): string => (client.protocol === 'grpc' ? grpc : json);
    const works = async (): Promise<void> => {
      using fresh = watch();
      await expect.poll(() => fresh.created, within).toBe(1);
      await put('works');
      expect(await arrives(fresh, ['works'])).toBeLessThan(1_000);
      const { how, afterMs } = await range();
      expect(how).toBe('ok');
      expect(afterMs).toBeLessThan(1_000);
    };
    using old = watch();
    await expect.poll(() => old.created, within).toBe(1);
    await put(first);
    await arrives(old, [first]);

    const context = { seed: 1, step: 0, holdMs: 10_000, signal: AbortSignal.timeout(15_000) };
    const injector = injectorOf(fault);
    const before = await injector.inject(fault, world, context);
    await holds({ client, prefix, old, watch, put, range, told });
    expect(await injector.verify(fault, world, before, context)).toMatch(proof);
    await injector.heal(fault, world, context.signal);
    expect(await injector.verifyHealed(fault, world, context.signal)).toContain('holds no');

    await works();
    if (oldAfter === 'lives') await expect.poll(() => old.keys.at(-1), within).toBe('works');
    else expect(old.keys).not.toContain('works');
    expect(old.ended === undefined).toBe(oldAfter !== 'ended');
  });
});
